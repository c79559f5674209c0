// Package edit changes what is kept of conversations: names, metadata, labels,
// members, who said what; and it deletes them.
//
// Appends run meanwhile, and neither loses the other's update. What an append
// brings is merged with what is stored at the instant of its commit, and an
// edit names only what it changes. What follows from the members as they are
// is computed here, from a [Snapshot] of them, and stored unless what it follows
// from has changed since; then it is computed anew:
//
//	Picture ──► Step ──► Store.Edit ──► the conversation as it is now
//	   ▲                     │
//	   └──── ErrContended ───┘
//
// A worker at the conversation is not disturbed by an edit of members: its
// commit is told that they have changed, and it recognises the speakers anew.
//
// The package knows neither Redis nor HTTP. What it needs it names in [Store].
package edit
