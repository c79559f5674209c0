package query

import (
	"errors"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
)

// ErrTooBroad reports that a query would have to read more conversations than
// one request may.
var ErrTooBroad = errors.New("too many conversations to look at")

// ErrCursor reports a [Query] whose Cursor is not that of a [Page] of the same
// query.
var ErrCursor = errors.New("not the cursor of such a list")

// A Query selects and sorts conversations of an account. The zero Query selects all of them, the oldest first, and returns none
// because Limit is 0.
type Query struct {
	From   time.Time // Start is not before it, if it is not zero
	To     time.Time // End is not after it, if it is not zero
	Filter Filter    // all of it holds
	Sort   []Key     // by Start if empty; those that are equal, by id
	Offset int       // how many are passed over
	Limit  int       // how many are returned at most
	Count  bool      // whether to count all that are selected, too

	// Parts asks for a part instead of [ErrTooBroad]: what is found within the
	// bounds of one request, perhaps nothing, and a cursor to go on with. Offset and
	// Count are not heeded then.
	Parts  bool
	Cursor string // of the [Page] before; "" at the beginning
}

// A Key is a field to sort by.
type Key struct {
	Field Field
	Name  string // of the member of the metadata, for [Metadata]
	Desc  bool
}

// A Page is what a [Query] found.
type Page struct {
	Conversations []conversation.Conversation // Members is nil of those whose members are not read yet
	Total         int                         // how many are selected in all, if the query asked

	Cursor string // where the next part begins, if the query asked for parts
	More   bool   // whether there may be more
}

// Field is a field of a conversation that can be compared.
type Field string

// The fields of conversations.
const (
	ID         Field = "id"
	Type       Field = "type"
	Name       Field = "name"
	Start      Field = "startTime"
	End        Field = "endTime"
	Metadata   Field = "metadata"   // one member of it
	Label      Field = "label"      // one of the labels
	Email      Field = "email"      // of any member of the conversation
	Archived   Field = "archived"   // "true" or "false"
	ExternalID Field = "externalId" // the caller's id
	Status     Field = "status"     // "pending" with unfinished jobs, else "failed" if the last one has, else "completed"
)

// Op is a comparison.
type Op string

// The comparisons. Values hold one value, but for In and Out.
const (
	Equal        Op = "=="
	NotEqual     Op = "!="
	Less         Op = "<"
	LessEqual    Op = "<="
	Greater      Op = ">"
	GreaterEqual Op = ">="
	In           Op = "=in="
	Out          Op = "=out="
	Contains     Op = "contains" // the value, whatever the case of letters; not in RSQL
)

// A Condition compares a field with values.
type Condition struct {
	Field  Field
	Name   string // of the member of the metadata or the label, for [Metadata] and [Label]
	Op     Op
	Values []string    // at least one; without quotation marks and escapes
	Times  []time.Time // the Values as instants, for [Start] and [End]
}

// A Filter is conditions that must all hold. The zero Filter always holds.
type Filter []Condition
