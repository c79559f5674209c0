// Package importer reads the conversations that other programs export.
//
// [Open] finds out what files there are and in which [Format] each of them is.
// What belongs together, such as the channels of a Slack export, is one
// [Source]. [Source.Read] gives all of it to a [Sink], in order and piece by
// piece:
//
//	files, folders, archives → Open → Source → Read → Sink: Begin, Add, Add, … Begin, …
//
// A Source can be read more than once, and gives the same each time. So a
// caller reads it once to see whether it is whole and to count, and once more
// to use it. Apart from formats that a recording of some hours is exported in,
// which are held in memory up to a bound, what is held does not grow with the
// file.
//
// A reader never leaves out what somebody said without telling: it calls
// [Sink.Skip] with the place and the reason, or ends with an [*Error] that
// names the line and what was expected there. Nor does it make speech of what
// nobody said, such as time stamps, headers and notices of a program.
//
// The package knows neither the API nor a client of it.
package importer
