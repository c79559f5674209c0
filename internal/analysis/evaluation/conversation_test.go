package evaluation_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

// A dialogue is a labelled conversation.
type dialogue struct {
	id, language, domain string
	at                   time.Time
	keys                 []string // what it is about
	people               []string // who is named
	summary              string   // written by a person; empty for most
	turns                []turn
}

type turn struct {
	speaker   string
	sentences []sentence
}

type sentence struct {
	text     string
	question bool
	decision bool
	tasks    []task
}

// A task is what somebody is to do.
type task struct {
	followUp bool
	assignee string // "-" is nobody
	due      string // a day; empty if it has none
}

// readDialogues returns the conversations of one part.
func readDialogues(tb testing.TB, part string) (all []dialogue) {
	tb.Helper()
	text, err := os.ReadFile("testdata/" + part + ".txt")
	if err != nil {
		tb.Fatal(err)
	}
	for n, line := range strings.Split(string(text), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		if all, err = readLine(all, line); err != nil {
			tb.Fatalf("%s.txt:%d: %v", part, n+1, err)
		}
	}
	return all
}

// readLine adds what a line says.
func readLine(all []dialogue, line string) ([]dialogue, error) {
	if head, ok := strings.CutPrefix(line, "== "); ok {
		fields := strings.Split(head, " | ")
		if len(fields) != 4 {
			return nil, fmt.Errorf("%q has %d fields, want 4", line, len(fields))
		}
		at, err := time.Parse("2006-01-02T15:04", fields[2])
		return append(all, dialogue{id: fields[0], language: fields[1], at: at, domain: fields[3]}), err
	}
	d := &all[len(all)-1]
	if more, ok := strings.CutPrefix(line, "+ "); ok {
		s, err := readSentence(more)
		last := &d.turns[len(d.turns)-1]
		last.sentences = append(last.sentences, s)
		return all, err
	}
	speaker, said, ok := strings.Cut(line, ": ")
	switch {
	case !ok:
		return nil, fmt.Errorf("%q has no speaker", line)
	case speaker == "key":
		d.keys = strings.Split(said, "; ")
		return all, nil
	case speaker == "sum":
		d.summary = said
		return all, nil
	case speaker == "who":
		d.people = strings.Split(said, "; ")
		return all, nil
	}
	s, err := readSentence(said)
	d.turns = append(d.turns, turn{speaker, []sentence{s}})
	return all, err
}

// readSentence takes the labels from the end of a sentence.
func readSentence(line string) (s sentence, err error) {
	said, labels, _ := strings.Cut(line, "{")
	s.text = strings.TrimSpace(said)
	labels = strings.TrimSuffix(strings.TrimSpace(labels), "}")
	for label := range strings.SplitSeq(labels, ";") {
		fields := strings.Fields(label)
		if len(fields) > 0 && fields[0] == "q" {
			s.question = true
			fields = fields[1:]
		}
		switch {
		case len(fields) == 0:
		case fields[0] == "d":
			s.decision = true
		case fields[0] == "a" || fields[0] == "f":
			t := task{followUp: fields[0] == "f"}
			if last := len(fields) - 1; strings.HasPrefix(fields[last], "@") {
				t.due, fields = fields[last][1:], fields[:last]
			}
			t.assignee = strings.Join(fields[1:], " ")
			s.tasks = append(s.tasks, t)
			if t.assignee == "" {
				err = fmt.Errorf("%q says of nobody who is to do it", line)
			}
		default:
			err = fmt.Errorf("%q has an unknown label %q", line, fields[0])
		}
	}
	return s, err
}

// A place is where a sentence stands in the text of its turn, in bytes.
type place struct {
	turn, start, end int
	sentence
}

// input returns the conversation as a job has it, each sentence as write writes
// it, and where the sentences stand.
func (d dialogue) input(write func(string) string) (in analysis.Input, places []place) {
	in = analysis.Input{JobID: "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", AcceptedAt: d.at}
	in.Options.DetectEntities = true
	in.Options.StartTime = d.at
	for n, t := range d.turns {
		var text strings.Builder
		for _, s := range t.sentences {
			if text.Len() > 0 {
				text.WriteByte(' ')
			}
			start := text.Len()
			text.WriteString(write(s.text))
			places = append(places, place{n, start, text.Len(), s})
		}
		in.Utterances = append(in.Utterances, analysis.Utterance{From: conversation.Speaker{Name: t.speaker}, Text: text.String()})
	}
	return in, places
}
