// Package management serves the part of the API of Symbl by which accounts save
// trackers, groups and entities.
//
// All three are collections with the same calls. What is saved, and by which
// rules, is in package catalog.
package management
