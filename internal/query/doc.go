// Package query says which conversations of an account are wanted and in which
// order: windows of time, sort keys, and filters written in RSQL.
//
// It is pure. Package store answers a [Query] from its index, with the parts
// that this package gives it: the window of start times that can matter, the
// match of one conversation, the order of two.
package query
