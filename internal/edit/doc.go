// Package edit changes what is kept of conversations: names, metadata, labels,
// members, who said what; and it deletes them.
//
// Appends run meanwhile, and neither loses the other's update. What an append
// brings is merged with what is stored at the instant of its commit, and an
// edit names only what it changes. What follows from the members as they are
// is computed here, from a [Picture] of them, and stored unless they have
// changed since; then it is computed anew:
//
//	Picture ──► Step ──► Store.Edit ──► the conversation as it is now
//	   ▲                     │
//	   └──── ErrContended ───┘
//
// An edit of members also takes the lane of the conversation from the worker
// at it, whose picture of the members is out of date now: its commit is
// refused, as that of any lost claim, and the head is worked again.
//
// The package knows neither Redis nor HTTP. What it needs it names in [Store].
package edit
