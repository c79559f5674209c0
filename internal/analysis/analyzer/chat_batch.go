package analyzer

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/words"
	"github.com/turnwise/turnwise/internal/conversation"
)

//go:embed data/*.txt
var data embed.FS

// What one question holds at most. A batch has one sentence at least, so of a
// long one only the beginning is sent.
const (
	sentencesPerBatch = 40
	bytesPerBatch     = 8 << 10
	bytesPerSentence  = 2 << 10
)

// A batch are the sentences of one question.
type batch struct {
	jobID     string
	threshold float64
	first     int // number of the first sentence in its job, from 0
	sentences []analysis.Sentence
	speakers  speakers
	unnamed   []string // words for an assignee that name nobody
}

// batchesOf parts the sentences of a job.
func batchesOf(in analysis.Input, sentences []analysis.Sentence) []batch {
	whole := batch{jobID: in.JobID, threshold: defaultThreshold, unnamed: slices.Collect(words.Terms(words.Read(data, "unnamed")))}
	if in.Options.ConfidenceThreshold != nil {
		whole.threshold = *in.Options.ConfidenceThreshold
	}
	whole.speakers = speakersOf(in.Utterances)
	var batches []batch
	for first := 0; first < len(sentences); {
		b := whole
		b.first = first
		b.sentences = sentences[first : first+fitting(sentences[first:])]
		batches = append(batches, b)
		first += len(b.sentences)
	}
	return batches
}

// fitting returns how many of the sentences make a batch.
func fitting(sentences []analysis.Sentence) int {
	bytes := 0
	for n, s := range sentences {
		bytes += min(len(s.Text), bytesPerSentence)
		if n > 0 && (n == sentencesPerBatch || bytes > bytesPerBatch) {
			return n
		}
	}
	return len(sentences)
}

// A speakers are those who speak in a job.
type speakers struct {
	labels []string          // by utterance
	names  map[string]string // by what they may be called, in lower case; "" of a number
}

// speakersOf calls speakers by their names, and those without one by numbers. Their
// ids, which may be addresses, are not sent.
func speakersOf(utterances []analysis.Utterance) speakers {
	c := speakers{names: map[string]string{}}
	numbers := map[conversation.Speaker]int{}
	for _, u := range utterances {
		name := oneLine(u.From.Name)
		if name != "" {
			c.labels = append(c.labels, name)
			c.names[strings.ToLower(firstOf(name))] = firstOf(name)
			continue
		}
		if numbers[u.From] == 0 {
			numbers[u.From] = len(numbers) + 1
		}
		number := fmt.Sprintf("Speaker %d", numbers[u.From])
		c.labels = append(c.labels, number)
		c.names[strings.ToLower(number)] = ""
	}
	for i, u := range utterances { // a whole name is told from a first one
		if oneLine(u.From.Name) != "" {
			c.names[strings.ToLower(c.labels[i])] = c.labels[i]
		}
	}
	return c
}

func firstOf(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// oneLine returns text with single blanks, and none around it.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
