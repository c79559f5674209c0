package conversation

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// A Span is a time during which a member spoke: from From on, until before To.
type Span struct {
	Member   string // the id
	From, To time.Time
}

// SpeakerBy returns what tells the speaker of a message by the spans: the id of a
// member, or "". It is the member who spoke for most of the message's time, all
// spans together; if several spoke equally long, the one who began first. The
// speaker of a message that took no time is whoever spoke at its start.
//
// A span whose To is zero has not ended. One that ends before it begins is
// ignored. The spans of one member do not overlap.
func SpeakerBy(spans []Span) func(Message) string {
	intervals, members := intervalsOf(spans)
	spoke := make([]int64, len(members))
	return func(m Message) (by string) {
		clear(spoke)
		from := m.Start.UnixMilli()
		to := max(m.End.UnixMilli(), from+1)
		for _, t := range intervals {
			spoke[t.member] += t.overlap(from, to)
		}
		var most int64
		for _, t := range intervals { // the first to begin comes first
			if t.overlap(from, to) > 0 && spoke[t.member] > most {
				by, most = members[t.member], spoke[t.member]
			}
		}
		return by
	}
}

// An interval is a span in milliseconds, with its member by number. Numbers are
// faster to compare, and a conversation may have many messages.
type interval struct {
	from, to int64
	member   int
}

// overlap returns for how long the interval lasts between two instants.
func (t interval) overlap(from, to int64) int64 {
	return max(min(t.to, to)-max(t.from, from), 0)
}

// intervalsOf returns the intervals by their beginnings, and the members by number.
func intervalsOf(spans []Span) (intervals []interval, members []string) {
	numbers := map[string]int{}
	for _, s := range spans {
		who, known := numbers[s.Member]
		if !known {
			who = len(members)
			numbers[s.Member] = who
			members = append(members, s.Member)
		}
		t := interval{s.From.UnixMilli(), s.To.UnixMilli(), who}
		if s.To.IsZero() {
			t.to = math.MaxInt64
		}
		intervals = append(intervals, t)
	}
	slices.SortStableFunc(intervals, func(a, b interval) int { return cmp.Compare(a.from, b.from) })
	return intervals, members
}
