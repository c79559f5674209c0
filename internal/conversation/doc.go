// Package conversation defines a conversation: its messages in the order of
// acceptance, its members, and the rules by which a speaker is recognised as a
// member.
//
// The package does no I/O and imports nothing else of Turnwise. Times are UTC, to
// the millisecond.
package conversation

import (
	"cmp"
	"time"
)

// A Conversation is a conversation without its messages.
type Conversation struct {
	ID       string // 16 decimal digits
	Type     string // "meeting", the only value of the API
	Name     string // empty unless the caller gave one
	Start    time.Time
	End      time.Time
	Members  []Member // in order of their first message
	Metadata map[string]string
	Messages int // how many are stored

	Labels     map[string]string // a namespace beside Metadata
	Archived   bool
	Private    bool
	ExternalID string // the caller's id for it; empty if there is none

	Accepted time.Time // when its first job was
	Pending  int       // unfinished jobs
	Failed   bool      // the last job to finish has failed

	// Version changes whenever anything of the conversation does, its
	// messages and insights included. It is made of digits and hyphens.
	Version string
	// Merged has the members that were merged into another one: by their id,
	// the id of the member that remains. Messages may still name them.
	Merged map[string]string
}

// Title returns the name, which is the id unless the caller gave one.
func (c Conversation) Title() string { return cmp.Or(c.Name, c.ID) }

// Member returns the member with the id, or the one that it was merged into.
func (c Conversation) Member(id string) (Member, bool) {
	id = cmp.Or(c.Merged[id], id)
	for _, m := range c.Members {
		if m.ID == id {
			return m, true
		}
	}
	return Member{}, false
}

// A Member is somebody who spoke.
type Member struct {
	ID     string `json:"id"`             // a UUID, stable for the life of the conversation
	Name   string `json:"name,omitempty"` // as first given
	UserID string `json:"userId,omitempty"`
	Ref    string `json:"ref,omitempty"` // the caller's id for the member
	Since  int64  `json:"since"`         // when the job that added the member was accepted, in Unix milliseconds; to sort by
	Index  int    `json:"place"`         // among the members that the same job added
}

// A Message is one sentence that a member said.
type Message struct {
	ID     string    `json:"id"` // 16 decimal digits
	Text   string    `json:"text"`
	Member string    `json:"member,omitempty"` // a [Member]'s id; empty if nobody was named
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`

	// What was found in it. The analysis of a job decides how much of that.
	Polarity *float64 `json:"polarity,omitempty"` // −1 for negative to 1 for positive
	Phrases  []string `json:"phrases,omitempty"`  // that say what is to be done
	Entities []Entity `json:"entities,omitempty"`
	Matches  []Match  `json:"matches,omitempty"` // of trackers
}

// An Entity is a person, a place, a time … that a text names. Only a range has
// Start and End, or one of them.
type Entity struct {
	Type   string  `json:"type"`             // person, organization, location, date, datetime, …, custom
	Custom string  `json:"custom,omitempty"` // the caller's name for the type
	Text   string  `json:"text"`             // as it stands in the message
	Value  string  `json:"value,omitempty"`  // the same in a form of its own: 2026-11-23 for "today"
	Start  string  `json:"start,omitempty"`
	End    string  `json:"end,omitempty"`
	Offset int     `json:"offset"` // of the first character, in characters
	Score  float64 `json:"score"`  // confidence, 0 to 1
}

// A Match is a place in a message where a term of a tracker stands, or a
// message that is similar to one.
type Match struct {
	Tracker string  `json:"tracker"` // its id
	Name    string  `json:"name"`
	Term    string  `json:"term"`
	Offset  int     `json:"offset"` // of the first character, in characters; −1 if the message is only similar
	Score   float64 `json:"score"`  // confidence, 0 to 1
}
