// Package conversation says what a conversation is: its messages, in the
// order in which they were accepted, the members who spoke them, and how a
// speaker is recognised as a member.
//
// It is pure: it does no I/O and imports nothing of Turnwise. Times are UTC,
// to the millisecond.
package conversation

import "time"

// A Conversation is what is known of one beside its messages.
type Conversation struct {
	ID       string // 16 decimal digits
	Type     string // "meeting", the only value of the API
	Name     string // the id unless the caller gave one
	Start    time.Time
	End      time.Time
	Members  []Member // in order of their first message
	Metadata map[string]string
	Messages int // how many are stored
}

// A Member is somebody who spoke.
type Member struct {
	ID     string `json:"id"`             // a UUID, stable for the life of the conversation
	Name   string `json:"name,omitempty"` // as first given
	UserID string `json:"userId,omitempty"`
	Ref    string `json:"ref,omitempty"` // the caller's id for the member
	Since  int64  `json:"since"`         // Unix milliseconds of the job that brought the member, to sort by
	Place  int    `json:"place"`         // among the members that the same job brought
}

// A Speaker is the sender of a message as the caller described it. All fields
// may be empty.
type Speaker struct {
	ID     string `json:"id,omitempty"` // an id of the caller's, or that of a member
	UserID string `json:"userId,omitempty"`
	Name   string `json:"name,omitempty"`
}

// A Message is one sentence that a member said.
type Message struct {
	ID     string    `json:"id"` // 16 decimal digits
	Text   string    `json:"text"`
	Member string    `json:"member,omitempty"` // a [Member]'s id; empty if nobody was named
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
}
