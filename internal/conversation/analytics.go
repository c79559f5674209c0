package conversation

import (
	"cmp"
	"iter"
	"math"
	"strings"
	"time"
)

// Analytics are how much each member spoke.
//
// Talk time is the sum of the lengths of messages, so two messages at the same
// time count twice. Silence and overlap are zero: they are properties of sound,
// and the pauses of a chat are no silence. The percentages of silence, talk and
// overlap are parts of silence and talk together.
type Analytics struct {
	Silence Share
	Talk    Share
	Overlap Share
	Members []MemberAnalytics // all members, in the order of the conversation
}

// A Share is a time and its part of another one.
type Share struct {
	Seconds float64 // to the millisecond
	Percent float64 // from 0 to 100, with at most three decimals
}

// A MemberAnalytics is the share of one member. Both percentages are of all talk,
// also of unknown speakers. A member listens while others talk.
type MemberAnalytics struct {
	Member         Member
	WordsPerMinute int // words are separated by blanks
	Talk           Share
	Listen         Share
}

// Measure returns the analytics of a conversation with these messages. They are
// zero if no message takes time.
func Measure(c Conversation, messages iter.Seq[Message]) Analytics {
	var total int64
	talk, words := map[string]int64{}, map[string]int64{} // by member id; in milliseconds
	for m := range messages {
		took := max(m.End.Sub(m.Start), 0).Milliseconds()
		who := cmp.Or(c.Merged[m.Member], m.Member)
		total += took
		talk[who] += took
		words[who] += int64(len(strings.Fields(m.Text)))
	}
	a := Analytics{Talk: shareOf(total, total), Members: make([]MemberAnalytics, len(c.Members))}
	for i, m := range c.Members {
		a.Members[i] = MemberAnalytics{
			Member:         m,
			WordsPerMinute: wordsPerMinute(words[m.ID], talk[m.ID]),
			Talk:           shareOf(talk[m.ID], total),
			Listen:         shareOf(total-talk[m.ID], total),
		}
	}
	return a
}

func shareOf(part, all int64) Share {
	s := Share{Seconds: float64(part) / float64(time.Second/time.Millisecond)}
	if all > 0 {
		s.Percent = math.Round(float64(part)/float64(all)*100_000) / 1000
	}
	return s
}

// wordsPerMinute returns words a minute, rounded; zero if they took no time.
func wordsPerMinute(words, milliseconds int64) int {
	if milliseconds == 0 {
		return 0
	}
	return int(math.Round(float64(words) * float64(time.Minute/time.Millisecond) / float64(milliseconds)))
}
