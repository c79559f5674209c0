// Package query says which conversations of an account are wanted and in which
// order: windows of time, sort keys, and filters written in RSQL.
//
//	conversation.metadata.agentId==johndoe and conversation.startTime>=2026-08-01T00:00:00Z
//	conversation.name=in=("Weekly call",Standup);(conversation.name!=Standup)
//
// A filter is comparisons that must hold all, joined by ";" or "and" and
// grouped by parentheses as you like. OR is refused. A selector is
// conversation.id, .name, .type, .startTime (also .startDate), .endTime or
// .metadata.<key>, where "conversation." may be left out; at most two different
// ones may be compared in one filter, each as often as you like. The
// comparisons are == != < <= > >= (the last four also =lt= =le= =gt= =ge=)
// and, with a list of values, =in= and =out=. A value with a blank or one of
// "'();,=!~<> in it stands between quotation marks, where a backslash makes
// the next character an ordinary one. [Condition.Match] defines what holds.
//
// The package is pure. Package store answers a [Query] from its index, with
// what it gets here: the [Window] to look at, the match of one conversation,
// the order of two.
package query
