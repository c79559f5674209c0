package conversations

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// A Word is a word of a message, with its share of the message's time.
type Word struct {
	Word       string  `json:"word"`
	StartTime  string  `json:"startTime"`
	EndTime    string  `json:"endTime"`
	TimeOffset float64 `json:"timeOffset"` // seconds since the conversation's start
	Duration   float64 `json:"duration"`   // seconds
}

// WordsOf returns the words of a message, split at blanks. Each gets a part of its
// time in proportion to its characters, without gap or overlap, as the sentences of
// an utterance do.
func WordsOf(c conversation.Conversation, m conversation.Message) []Word {
	words := strings.Fields(m.Text)
	total := 0
	for _, w := range words {
		total += utf8.RuneCountInString(w)
	}
	span := m.End.Sub(m.Start)
	views := make([]Word, len(words))
	said, from := 0, m.Start
	for i, w := range words {
		said += utf8.RuneCountInString(w)
		passed := time.Duration(float64(span) * (float64(said) / float64(total)))
		to := m.Start.Add(passed.Truncate(time.Millisecond))
		views[i] = Word{
			Word:       w,
			StartTime:  edge.FormatTime(from),
			EndTime:    edge.FormatTime(to),
			TimeOffset: edge.Seconds(from.Sub(c.Start)),
			Duration:   edge.Seconds(to.Sub(from)),
		}
		from = to
	}
	return views
}
