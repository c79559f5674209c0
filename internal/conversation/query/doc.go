// Package query selects and sorts the conversations of an account: by time, by
// sort keys, and by filters written in RSQL.
//
//	conversation.metadata.agentId==johndoe and conversation.startTime>=2026-08-01T00:00:00Z
//	conversation.name=in=("Weekly call",Standup);(conversation.name!=Standup)
//
// A filter is comparisons that must all hold, joined by ";" or "and". They may
// be grouped by parentheses. OR is refused. A selector is
// conversation.id, .name, .type, .startTime (also .startDate), .endTime or
// .metadata.<key>, where "conversation." may be left out; at most two different
// ones may be compared in one filter, each as often as you like. The
// comparisons are == != < <= > >= (the last four also =lt= =le= =gt= =ge=)
// and, with a list of values, =in= and =out=. A value with a blank or one of
// "'();,=!~<> in it stands between quotation marks, where a backslash makes
// the next character an ordinary one. [Condition.Match] defines what holds.
//
// The package does no I/O. Package store answers a [Query] from its index. It
// uses the [Window] to look at, the match of one conversation, and the order of
// two.
package query
