package attention

import (
	"cmp"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// A segment is one message of a detailed transcript.
type segment struct {
	Speaker segmentSpeaker `json:"speaker"`
	Words   []segmentWord  `json:"words"`
}

type segmentSpeaker struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Its times are seconds since the start of the conversation.
type segmentWord struct {
	Text           string  `json:"text"`
	StartTimestamp float64 `json:"startTimestamp"`
	EndTimestamp   float64 `json:"endTimestamp"`
}

// transcriptOf returns what was said: one string with a line per message, or
// the segments.
func transcriptOf(c conversation.Conversation, said []conversation.Message, detailed bool) any {
	if detailed {
		return segmentsOf(c, said)
	}
	people := conversations.MembersByID(c)
	lines := make([]string, len(said))
	for i, m := range said {
		lines[i] = m.Text
		who := people[m.Member]
		if name := cmp.Or(who.Name, who.UserID, who.Ref); name != "" {
			lines[i] = name + ": " + m.Text
		}
	}
	return strings.Join(lines, "\n")
}

func segmentsOf(c conversation.Conversation, said []conversation.Message) []segment {
	people := conversations.MembersByID(c)
	segments := make([]segment, len(said))
	for i, m := range said {
		who := people[m.Member]
		segments[i] = segment{
			Speaker: segmentSpeaker{ID: who.ID, Name: who.Name, Email: who.UserID},
			Words:   segmentWords(c, m),
		}
	}
	return segments
}

// segmentWords returns the words of a message. Each begins where the one before
// ends.
func segmentWords(c conversation.Conversation, m conversation.Message) []segmentWord {
	shares := conversations.WordsOf(c, m)
	words := make([]segmentWord, len(shares))
	end := edge.Seconds(m.End.Sub(c.Start))
	for i := len(shares) - 1; i >= 0; i-- {
		words[i] = segmentWord{Text: shares[i].Word, StartTimestamp: shares[i].TimeOffset, EndTimestamp: end}
		end = shares[i].TimeOffset
	}
	return words
}
