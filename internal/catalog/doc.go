// Package catalog holds what an account saves besides its conversations:
// trackers and entities, with which texts are analysed, and groups of
// conversations.
//
// An account has a [Collection] of each kind. A change is one atomic step of the
// [Store], also if it is of several items: all of them are saved, or none. A
// request that creates or updates items locks the collection while it does, so
// that two requests cannot overwrite each other's changes. Another request gets a
// [*BusyError] meanwhile. The lock of a process that died expires after seconds.
//
// A job carries the ids of its trackers rather than the trackers, so that it
// stays small. [Analyzer] looks them up when the job is worked. It keeps what
// accounts have saved in the form in which it is looked for, by the version that
// each change gives it, within a bound of memory that accounts share fairly. A
// job whose claim begins after a change was acknowledged is worked with it.
//
// The package knows neither Redis nor HTTP.
package catalog
