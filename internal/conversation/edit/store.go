package edit

import (
	"context"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
)

// A Store keeps conversations. Every method may return
// [jobs.ErrUnknownConversation] and [jobs.ErrUnavailable].
type Store interface {
	// Snapshot returns a conversation and its people as they are at one instant.
	Snapshot(ctx context.Context, account, id string) (Snapshot, error)

	// Messages returns all messages, in the order of acceptance.
	Messages(ctx context.Context, account, id string) ([]conversation.Message, error)

	// Edit makes one atomic step and returns the conversation as it is then.
	// It returns [ErrVersion], a [*SpanError], or [ErrContended] if the people
	// are no longer those that the step was made for.
	Edit(ctx context.Context, t Target, s Step) (conversation.Conversation, error)

	// Delete removes the conversation with all that belongs to it, and fails
	// its unfinished jobs. It returns [ErrVersion].
	Delete(ctx context.Context, t Target) (lane.Wake, error)
}

// A Snapshot is a conversation with what its members are known as.
type Snapshot struct {
	conversation.Conversation

	Keys           map[string]string // key of a speaker → member id
	MembersVersion int               // how often members were changed until then
	Stored         map[string]string // entries as the store has them, for [Store.Edit] to compare
}

// An EntryKind says what an [Entry] is about.
type EntryKind string

// The kinds of entries.
const (
	MemberEntry EntryKind = "m:" // a member, by id
	MergedEntry EntryKind = "a:" // who a member was merged into, by id
	KeyEntry    EntryKind = ""   // whom a key of speakers means
)

// An Entry is something known of the members that may change by itself.
type Entry struct {
	Kind EntryKind
	ID   string
}

// A Step is what an edit writes at once.
type Step struct {
	Change        Change // its Members apart: what they come to is in Revision
	MemberChanges MemberChanges
	Replacements  []Replacement // messages to put in the place of others

	// What the step follows from. People is that of the [Snapshot] if it follows
	// from all of it, even if nothing is to be revised. Otherwise Reads are the
	// entries that it follows from, and Stored is that of the picture.
	MembersVersion *int
	Reads          []Entry
	Stored         map[string]string
}

// A MemberChanges is what changes of the members.
type MemberChanges struct {
	Members []conversation.Member // new ones, and those with another field
	Keys    map[string]string     // keys of speakers → the id of whom they mean now
	Merged  map[string]string     // ids of those who are somebody else → whose
}

// A Replacement is a message and its place among those of its conversation.
type Replacement struct {
	Index   int
	Message conversation.Message
}
