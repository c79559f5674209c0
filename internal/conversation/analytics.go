package conversation

import (
	"cmp"
	"math"
	"strings"
	"time"
)

// Analytics say who spoke how much.
//
// Talk time is the sum of the lengths of messages, so what two say at once
// counts twice. Silence and overlap are of sound; of text there is none, and
// the pauses of a chat that lasts for days are no silence. The percentages of
// silence, talk and overlap are parts of silence and talk together.
type Analytics struct {
	Silence Share
	Talk    Share
	Overlap Share
	Members []MemberAnalytics // all members, as the conversation has them
}

// A Share is a time and which part of another it is.
type Share struct {
	Seconds float64 // to the millisecond
	Percent float64 // from 0 to 100, with at most three decimals
}

// A MemberAnalytics is what one member had of a conversation. Both percentages are of all
// talk, which is also that of nobody known. The member listens while others
// talk.
type MemberAnalytics struct {
	Member         Member
	WordsPerMinute int // of what the member said; words are parted by blanks
	Talk           Share
	Listen         Share
}

// Measure returns the analytics of a conversation with these messages. Where
// nobody said anything for any time, all of it is zero.
func Measure(c Conversation, messages []Message) Analytics {
	var total int64
	talk, words := map[string]int64{}, map[string]int64{} // by member id; in milliseconds
	for _, m := range messages {
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

// wordsPerMinute is words a minute, rounded; zero if they took no time.
func wordsPerMinute(words, milliseconds int64) int {
	if milliseconds == 0 {
		return 0
	}
	return int(math.Round(float64(words) * float64(time.Minute/time.Millisecond) / float64(milliseconds)))
}
