package analysis

import "time"

// The pace of an utterance without a length: 15 characters a second,
// which in English is 150 words a minute, and a second at least. Characters
// rather than words, because not every script parts its words with blanks.
const (
	charactersPerSecond = 15
	minDuration         = time.Second
)

// A timeline says when utterances without times were said: one after the other.
type timeline struct {
	next time.Time
}

func newTimeline(in Input) timeline {
	begin := in.AcceptedAt
	if !in.Options.StartTime.IsZero() {
		begin = in.Options.StartTime
	}
	if in.After.After(begin) {
		begin = in.After
	}
	return timeline{next: begin}
}

// period returns the beginning and the end, not before it, of an utterance of
// that many characters.
func (c *timeline) period(u Utterance, characters int) (from, to time.Time) {
	length := max(minDuration, time.Duration(characters)*time.Second/charactersPerSecond)
	switch {
	case u.Start.IsZero() && u.End.IsZero():
		from = c.next
		to = from.Add(length)
		c.next = to
	case u.End.IsZero():
		from, to = u.Start, u.Start.Add(length)
	case u.Start.IsZero():
		from, to = u.End.Add(-length), u.End
	case u.End.Before(u.Start):
		from, to = u.Start, u.Start
	default:
		from, to = u.Start, u.End
	}
	return from, to
}
