package analyzer

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

// The types of insights that a chat model is asked for.
const (
	actionItem = "action_item"
	followUp   = "follow_up"
)

// A taskList is what a chat model answers.
type taskList struct {
	Tasks []task `json:"tasks"`
}

// A task is what a chat model takes for something to be done.
type task struct {
	Type       string  `json:"type"`
	Sentences  []int   `json:"sentences"` // ids, see [line]
	Quote      string  `json:"quote"`
	Confidence float64 `json:"confidence"`
	Assignee   string  `json:"assignee"`
	Definitive bool    `json:"definitive"`
	Phrase     string  `json:"phrase"`
}

// More than anybody says.
const (
	tasksPerSentence = 4
	longestName      = 100 // bytes
)

// insights returns those of an answer that hold, less those of too little
// confidence. If most do not hold the others are not to be believed either.
func (b batch) insights(answer taskList) ([]analysis.Insight, error) {
	if answer.Tasks == nil {
		return nil, errors.New("the model answered without a list of tasks")
	}
	if len(answer.Tasks) > tasksPerSentence*len(b.sentences) {
		return nil, fmt.Errorf("the model answered %d tasks in %d sentences", len(answer.Tasks), len(b.sentences))
	}
	var found []analysis.Insight
	var flaws []error
	for i, t := range answer.Tasks {
		in, err := b.insight(t)
		if err != nil {
			flaws = append(flaws, fmt.Errorf("task %d %w", i+1, err))
			continue
		}
		same := func(o analysis.Insight) bool { return o.ID == in.ID }
		if in.Score >= b.threshold && !slices.ContainsFunc(found, same) {
			found = append(found, in)
		}
	}
	if 2*len(flaws) > len(answer.Tasks) {
		return nil, fmt.Errorf("%d of the %d tasks that the model answered are invalid: %w", len(flaws), len(answer.Tasks), flaws[0])
	}
	return found, nil
}

// insight returns a task as an insight of the sentence that it quotes, or what
// is wrong with it.
func (b batch) insight(t task) (in analysis.Insight, err error) {
	if t.Type != actionItem && t.Type != followUp {
		return in, errors.New("is of no type that was asked for")
	}
	for _, id := range t.Sentences {
		if id <= b.first || id > b.first+len(b.sentences) {
			return in, errors.New("names a sentence that was not sent")
		}
	}
	at := slices.IndexFunc(t.Sentences, func(id int) bool { return quotes(beginning(b.sentence(id).Text), t.Quote) })
	if at < 0 {
		return in, errors.New("quotes what none of its sentences says")
	}
	number := t.Sentences[at]
	s := b.sentence(number)
	in = analysis.Insight{
		ID: conversation.MessageID(b.jobID+"/insights/"+t.Type, number-1), Type: t.Type, Text: s.Text,
		Score: math.Round(1000*min(max(t.Confidence, 0), 1)) / 1000, Definitive: t.Definitive,
		MessageIDs: []string{s.ID}, // whose speaker says it
	}
	for _, id := range t.Sentences {
		if other := b.sentence(id).ID; !slices.Contains(in.MessageIDs, other) {
			in.MessageIDs = append(in.MessageIDs, other)
		}
	}
	if quotes(t.Quote, t.Phrase) {
		in.Phrases = []string{oneLine(t.Phrase)}
	}
	in.Own, in.Assignee, err = b.assignee(t.Assignee, s)
	return in, err
}

// sentence returns the one with an id that was sent.
func (b batch) sentence(id int) analysis.Sentence { return b.sentences[id-1-b.first] }

// quotes reports whether a quotation says something, and is in the text, with
// whatever blanks.
func quotes(text, quotation string) bool {
	return strings.ContainsFunc(quotation, isWordy) && strings.Contains(oneLine(text), oneLine(quotation))
}

func isWordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// assignee returns who is to do what a sentence says: its speaker, or somebody
// of that name, who speaks or is spoken of. Pronouns stand for nobody known.
func (b batch) assignee(given string, s analysis.Sentence) (own bool, name string, err error) {
	given = oneLine(given)
	switch lower := strings.ToLower(given); {
	case lower == "", slices.Contains(b.unnamed, lower):
		return false, "", nil
	case lower == "i", lower == "me":
		return true, "", nil
	}
	if speaker := b.speakers.labels[s.Utterance]; strings.EqualFold(given, speaker) || strings.EqualFold(given, firstOf(speaker)) {
		return true, "", nil
	}
	if name, ok := b.speakers.names[strings.ToLower(given)]; ok {
		return false, name, nil
	}
	said := func(s analysis.Sentence) bool { return names(beginning(s.Text), given) }
	if len(given) > longestName || !slices.ContainsFunc(b.sentences, said) {
		return false, "", errors.New("is for somebody whom nobody named")
	}
	return false, given, nil
}

// names reports whether the text has the name as words of its own.
func names(text, name string) bool {
	text, name = strings.ToLower(oneLine(text)), strings.ToLower(name)
	for from := 0; ; {
		at := strings.Index(text[from:], name)
		if at < 0 {
			return false
		}
		start, end := from+at, from+at+len(name)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !isWordy(before) && !isWordy(after) {
			return true
		}
		from = start + 1
	}
}
