// Package catalog holds what an account saves beside its conversations, and
// the rules of it: trackers and entities, with which its texts are analysed,
// and groups of conversations.
//
// Of each kind an account has a [Collection]. A change of a shelf is one atomic step
// of the [Store], also when it brings several items: all of them are saved, or
// none. Two requests never lose each other's update: one that creates or
// updates holds the shelf while it does, and another one that comes meanwhile
// is told so by a [*BusyError]. Whoever holds a shelf and dies holds it for
// seconds only.
//
// A job carries the ids of its trackers and not the trackers, so it stays
// small. [Analyzer] fills them in when the job is worked, as they are then.
//
// The package knows neither Redis nor HTTP.
package catalog
