package insights

import (
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// Quotes are bounded, so that an answer does not grow with the square of a text in
// which much was found.
const (
	maxQuote       = 1000    // characters
	maxOccurrences = 100_000 // of one answer
	perOccurrence  = 160     // bytes that one takes, about, beside its text
)

// An occurrenceView is an occurrence of something in a message.
type occurrenceView struct {
	ID        string `json:"id"`
	Text      string `json:"text"`
	Offset    int    `json:"offset"` // in the text, in characters; −1 for the message as a whole
	StartTime string `json:"startTime"`
	EndTime   string `json:"endTime"`
}

// A messageSource is a message of which occurrences are shown.
type messageSource struct {
	message    conversation.Message
	start, end string
	quote      excerpt
}

func sourceOf(m conversation.Message) messageSource {
	return messageSource{m, edge.FormatTime(m.Start), edge.FormatTime(m.End), excerpt{text: m.Text}}
}

func (s *messageSource) occurrence(offset int) occurrenceView {
	text, at := s.quote.around(offset)
	return occurrenceView{ID: s.message.ID, Text: text, Offset: at, StartTime: s.start, EndTime: s.end}
}

// An excerpt quotes a text at an offset: all of it, or of a long text the part
// around the offset.
type excerpt struct {
	text  string
	runes []rune // of a long text, once they are needed
}

// around returns what is quoted for an offset in characters, and the offset in
// that. −1 is no offset: then the beginning is quoted.
func (q *excerpt) around(offset int) (string, int) {
	if len(q.text) <= maxQuote {
		return q.text, offset
	}
	if q.runes == nil {
		q.runes = []rune(q.text)
	}
	if len(q.runes) <= maxQuote {
		return q.text, offset
	}
	from := min(max(offset-maxQuote/2, 0), len(q.runes)-maxQuote)
	return string(q.runes[from : from+maxQuote]), offset - from
}
