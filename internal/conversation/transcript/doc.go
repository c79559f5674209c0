// Package transcript formats a conversation for people: as Markdown, or as
// SubRip subtitles.
//
//	Ann: Good morning.<br/><br/>Ben: Shall we <mark>submit the documents</mark> today?
//
//	1
//	00:00:05,900 --> 00:00:07,100
//	Ann: Good morning.
//
// Whatever members said is text in both and never markup: not in Markdown, not
// in HTML, which is where Markdown often ends up, not in a player's subtitles.
// Blanks and line breaks in a row become one blank; a message without a
// visible character is left out.
//
// A transcript is written while its messages are read, so that a long one takes no more
// memory than a short one. The package does no other I/O. Its caller says which phrases
// to mark.
package transcript
