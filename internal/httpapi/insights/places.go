package insights

import (
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// What is quoted is bounded, so that an answer does not grow with the square of
// a text in which much was found.
const (
	longestQuote = 1000    // characters
	mostPlaces   = 100_000 // of one answer
)

// A placeView is a place in a message.
type placeView struct {
	ID        string `json:"id"`
	Text      string `json:"text"`
	Offset    int    `json:"offset"` // in the text, in characters; −1 for no place of its own
	StartTime string `json:"startTime"`
	EndTime   string `json:"endTime"`
}

// A source is a message of which places are shown.
type source struct {
	message    conversation.Message
	start, end string
	quote      quoter
}

func sourceOf(m conversation.Message) source {
	return source{m, edge.FormatTime(m.Start), edge.FormatTime(m.End), quoter{text: m.Text}}
}

func (s *source) place(offset int) placeView {
	text, at := s.quote.around(offset)
	return placeView{ID: s.message.ID, Text: text, Offset: at, StartTime: s.start, EndTime: s.end}
}

// A quoter repeats a text at places in it: all of it, or of a long one the part
// around the place.
type quoter struct {
	text  string
	runes []rune // of a long text, once they were needed
}

// around returns what is quoted for an offset in characters, and the offset in
// that. −1 is no place: then it is the beginning.
func (q *quoter) around(offset int) (string, int) {
	if len(q.text) <= longestQuote {
		return q.text, offset
	}
	if q.runes == nil {
		q.runes = []rune(q.text)
	}
	if len(q.runes) <= longestQuote {
		return q.text, offset
	}
	from := min(max(offset-longestQuote/2, 0), len(q.runes)-longestQuote)
	return string(q.runes[from : from+longestQuote]), offset - from
}
