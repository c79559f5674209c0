package edit

import (
	"context"
	"iter"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
)

// A Store stores conversations. Every method may return
// [jobs.ErrUnknownConversation] and [jobs.ErrUnavailable].
type Store interface {
	// Snapshot returns a conversation and its members as they are at one instant.
	Snapshot(ctx context.Context, account, id string) (Snapshot, error)

	// EachMessage yields the messages from that one on, in the order of acceptance, or
	// an error at the end. They are read while they are yielded.
	EachMessage(ctx context.Context, account, id string, from int) iter.Seq2[conversation.Message, error]

	// Edit makes one atomic step and returns the changed conversation. It
	// returns [ErrVersion], a [*SpanError], or [ErrContended] if members that
	// the step depends on have changed since the snapshot.
	Edit(ctx context.Context, t Target, s Step) (conversation.Conversation, error)

	// Delete removes the conversation with all that belongs to it, and fails
	// its unfinished jobs. It returns [ErrVersion].
	Delete(ctx context.Context, t Target) (lane.Wake, error)
}

// A Snapshot is a conversation with the keys of its members.
type Snapshot struct {
	conversation.Conversation

	Keys           map[string]string // key of a speaker → member id
	MembersVersion int               // how often members have been changed
	Stored         map[string]string // entries in the form of the store, for [Store.Edit] to compare
}

// An EntryKind is the kind of an [Entry].
type EntryKind string

// The kinds of entries.
const (
	MemberEntry EntryKind = "m:" // a member, by id
	MergedEntry EntryKind = "a:" // the member that one was merged into, by id
	KeyEntry    EntryKind = ""   // the member of a key
)

// An Entry is a part of the members that an edit may depend on by itself.
type Entry struct {
	Kind EntryKind
	ID   string
}

// A Step is what an edit writes in one atomic step.
type Step struct {
	Change        Change // without its Members, which MemberChanges has
	MemberChanges MemberChanges
	Replacements  []Replacement // messages to put in the place of others

	// What the step depends on. MembersVersion is that of the [Snapshot] if it
	// depends on all members, even if it changes none. Otherwise Reads are the
	// entries that it depends on, and Stored is that of the snapshot.
	MembersVersion *int
	Reads          []Entry
	Stored         map[string]string
}

// A MemberChanges are the changes of the members.
type MemberChanges struct {
	Members []conversation.Member // new ones, and those with a changed field
	Keys    map[string]string     // key of a speaker → id of its member
	Merged  map[string]string     // id of a merged member → id of the one that remains
}

// A Replacement is a message and its index in the conversation.
type Replacement struct {
	Index   int
	Message conversation.Message
}
