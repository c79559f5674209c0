package analysis

import (
	"time"
	"unicode/utf8"
)

// The pace of an utterance without a length: 15 characters a second,
// which in English is 150 words a minute, and a second at least. Characters
// rather than words, because not every script parts its words with blanks.
const (
	charactersPerSecond = 15
	minDuration         = time.Second
)

// A timeline says when utterances were said. One without a time follows the one
// before it, whenever that was: the order given decides, and no clock goes against
// it.
type timeline struct {
	next time.Time
}

func newTimeline(in Input) timeline {
	begin := in.Options.StartTime
	if begin.IsZero() {
		begin = leadIn(in)
	}
	if in.After.After(begin) {
		begin = in.After
	}
	return timeline{next: begin}
}

// leadIn returns when the utterances before the first that has a time begin, such
// that they end where that one begins. If none has a time, it is when the job was
// accepted.
func leadIn(in Input) time.Time {
	var before time.Duration
	for _, u := range in.Utterances {
		if u.Start.IsZero() && u.End.IsZero() {
			before += lengthOf(utf8.RuneCountInString(u.Text))
			continue
		}
		c := timeline{}
		from, _ := c.period(u, utf8.RuneCountInString(u.Text))
		return from.Add(-before)
	}
	return in.AcceptedAt
}

// lengthOf returns how long it takes to say that many characters.
func lengthOf(characters int) time.Duration {
	return max(minDuration, time.Duration(characters)*time.Second/charactersPerSecond)
}

// period returns the beginning and the end, not before it, of an utterance of
// that many characters.
func (c *timeline) period(u Utterance, characters int) (from, to time.Time) {
	length := lengthOf(characters)
	switch {
	case u.Start.IsZero() && u.End.IsZero():
		from, to = c.next, c.next.Add(length)
	case u.End.IsZero():
		from, to = u.Start, u.Start.Add(length)
	case u.Start.IsZero():
		from, to = u.End.Add(-length), u.End
	case u.End.Before(u.Start):
		from, to = u.Start, u.Start
	default:
		from, to = u.Start, u.End
	}
	c.next = to
	return from, to
}
