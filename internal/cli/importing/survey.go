package importing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/cli/wire"
	"github.com/turnwise/turnwise/internal/importer"
)

// A chat is what was found out about one before anything is sent.
type chat struct {
	first, all  digest
	messages    int
	from, until time.Time
}

// A survey is a Sink for the first time through a source. It learns what there
// is, and whether it can be read to the end. Of what was said it keeps nothing.
type survey struct {
	chats       []chat
	messages    int
	attachments int // of messages without a text
	skipped     []*skipped
	notes       []string
}

// skipped are places that were left out for one reason.
type skipped struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
	Lines  []int  `json:"lines"` // the first ones
}

// mostPlaces bounds how many places are named for a reason.
const (
	mostPlaces  = 20
	mostReasons = 100
)

func (s *survey) Begin(importer.Chat) error {
	s.chats = append(s.chats, chat{})
	return nil
}

func (s *survey) Add(m importer.Message) error {
	if len(s.chats) == 0 {
		return fmt.Errorf("line %d: there is a message before the first conversation", m.Line)
	}
	c := &s.chats[len(s.chats)-1]
	all := wire.Pieces(m)
	if len(all) == 0 {
		s.attachments++
		return nil
	}
	for _, piece := range all {
		c.all = c.all.next(piece)
		if c.messages++; c.messages == 1 {
			c.first = c.all
		}
		s.messages++
	}
	if !m.Start.IsZero() {
		if c.from.IsZero() || m.Start.Before(c.from) {
			c.from = m.Start
		}
		if m.Start.After(c.until) {
			c.until = m.Start
		}
	}
	return nil
}

func (s *survey) Skip(line int, reason string) {
	at := slices.IndexFunc(s.skipped, func(k *skipped) bool { return k.Reason == reason })
	if at < 0 {
		if len(s.skipped) >= mostReasons {
			reason = "other reasons"
			if at = slices.IndexFunc(s.skipped, func(k *skipped) bool { return k.Reason == reason }); at >= 0 {
				s.skipped[at].Count++
				return
			}
		}
		at = len(s.skipped)
		s.skipped = append(s.skipped, &skipped{Reason: reason})
	}
	k := s.skipped[at]
	if k.Count++; len(k.Lines) < mostPlaces {
		k.Lines = append(k.Lines, line)
	}
}

func (s *survey) Note(text string) {
	if !slices.Contains(s.notes, text) && len(s.notes) < mostReasons {
		s.notes = append(s.notes, text)
	}
}

// String names what was left out, with the first places.
func (k *skipped) String() string {
	lines := make([]string, len(k.Lines))
	for i, line := range k.Lines {
		lines[i] = fmt.Sprint(line)
	}
	more := ""
	if k.Count > len(k.Lines) {
		more = ", …"
	}
	word := "lines"
	if k.Count == 1 {
		word = "line"
	}
	return fmt.Sprintf("%d: %s (%s %s%s)", k.Count, k.Reason, word, strings.Join(lines, ", "), more)
}
