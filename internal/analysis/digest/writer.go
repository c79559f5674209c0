package digest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/conversation"
)

// A Writer writes a summary in its own words. Its result is checked here.
type Writer interface {
	// Write returns at most most points.
	Write(ctx context.Context, remarks []Remark, most int) ([]Point, error)
}

// A Remark is a message as a [Writer] reads it.
type Remark struct {
	Speaker string // the name, if it is known
	Text    string
}

// A Point is a sentence of a [Writer].
type Point struct {
	Text    string
	Remarks []int // that it is about, by their numbers from 0
}

// maxPointLength bounds the text of a [Point], in characters.
const maxPointLength = 600

// write returns the lines of the [Writer], at most as many as the draft has, and
// their size in bytes.
func (d *Cache) write(ctx context.Context, c conversation.Conversation, from summaryDraft) (s Summary, weight int, err error) {
	most := len(from.lines)
	points, err := d.writer.Write(ctx, remarksOf(c, from.source), most)
	if err != nil {
		return s, 0, err
	}
	s.Lines = linesOf(points, from.source, most)
	if len(s.Lines) == 0 {
		return s, 0, fmt.Errorf("none of the %d points of the summary can be used", len(points))
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		l.ID = conversation.MessageID(c.ID+"/summary/"+c.Version, i)
		weight += perItem + len(l.Text) + perID*len(l.Messages)
	}
	return s, weight, nil
}

// remarksOf returns the messages with the names of those who said them.
func remarksOf(c conversation.Conversation, messages []conversation.Message) []Remark {
	names := make(map[string]string, len(c.Members))
	for _, m := range c.Members {
		names[m.ID] = m.Name
	}
	remarks := make([]Remark, len(messages))
	for i, m := range messages {
		remarks[i] = Remark{Speaker: names[cmp.Or(c.Merged[m.Member], m.Member)], Text: m.Text}
	}
	return remarks
}

// linesOf returns the valid points as lines without ids. A point is valid if its
// text is neither empty nor too long and its messages exist.
func linesOf(points []Point, messages []conversation.Message, most int) []Line {
	var lines []Line
	for _, p := range points {
		text := strings.Join(strings.Fields(p.Text), " ")
		numbers := slices.Compact(slices.Sorted(slices.Values(p.Remarks)))
		if text == "" || utf8.RuneCountInString(text) > maxPointLength ||
			len(numbers) == 0 || numbers[0] < 0 || numbers[len(numbers)-1] >= len(messages) {
			continue
		}
		if len(lines) == most {
			break
		}
		lines = append(lines, lineOf(text, messages, numbers))
	}
	return lines
}

func lineOf(text string, messages []conversation.Message, numbers []int) Line {
	first := messages[numbers[0]]
	l := Line{Text: text, Start: first.Start, End: first.End}
	for _, n := range numbers {
		m := messages[n]
		l.Messages = append(l.Messages, m.ID)
		if m.Start.Before(l.Start) {
			l.Start = m.Start
		}
		if m.End.After(l.End) {
			l.End = m.End
		}
	}
	return l
}
