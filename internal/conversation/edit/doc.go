// Package edit changes stored conversations: their names, metadata, labels,
// members, and who said what. It also deletes them.
//
// Appends run at the same time, and no update is lost. A commit of messages is
// merged with what is stored at that instant, and an edit names only what it
// changes. Changes of members are computed here from a [Snapshot]. The store
// refuses them with [ErrContended] if the snapshot is out of date, and then they
// are computed again:
//
//	Snapshot ──► Step ──► Store.Edit ──► the conversation
//	   ▲                     │
//	   └──── ErrContended ───┘
//
// An edit of members does not stop a worker that appends to the conversation. Its
// commit is told that the members have changed, and it resolves the speakers
// again.
//
// The package knows neither Redis nor HTTP. What it needs is declared in [Store].
package edit
