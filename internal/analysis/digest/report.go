package digest

import (
	"cmp"
	"context"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/recap"
	"github.com/turnwise/turnwise/internal/analysis/summary"
	"github.com/turnwise/turnwise/internal/analysis/words"
	"github.com/turnwise/turnwise/internal/conversation"
)

// report returns the lines of a summary: what the messages that say most are worth
// telling, as a report has it, each behind those that were said before it.
func (d *Cache) report(ctx context.Context, c conversation.Conversation, r *reading, collection *summary.Collection) ([]Line, error) {
	size := summary.Size(r.count)
	candidates := collection.Candidates(size)
	messages, err := r.at(ctx, candidates)
	if err != nil {
		return nil, err
	}
	remarks, speakers := remarksOf(c, messages), speakersOf(c)
	members := words.NewNames(speakers)
	readings, factors := make([]recap.Reading, len(messages)), make([]float64, len(messages))
	for i, remark := range remarks {
		factors[i] = 1
		if collection.English(candidates[i]) {
			readings[i] = d.recap().Read(recap.Remark{Speaker: remark.Speaker, Addressee: addressee(remark.Speaker, speakers), Members: members, Text: remark.Text})
			factors[i] = worth(readings[i].Kind)
		}
	}
	var lines []Line
	for _, n := range collection.PickBy(size, candidates, factors) {
		i, _ := slices.BinarySearch(candidates, n)
		m := messages[i]
		l := Line{ID: m.ID, Text: m.Text, Messages: []string{m.ID}, Start: m.Start, End: m.End}
		if collection.English(n) {
			l.Text = cmp.Or(d.recap().Write(readings[i]), m.Text)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// worth returns how many times more a sentence of a kind is worth than it says.
func worth(kind recap.Kind) float64 {
	switch kind {
	case recap.Decision:
		return 3
	case recap.Task:
		return 2
	case recap.Question:
		return 0.4
	case recap.Fragment:
		return 0.5
	case recap.Chatter:
		return 0.1
	case recap.Statement:
	}
	return 1
}

// mostSpeakers is how many speakers a sentence may be about.
const mostSpeakers = 32

func speakersOf(c conversation.Conversation) (names []string) {
	for _, m := range c.Members {
		if m.Name != "" && len(names) < mostSpeakers {
			names = append(names, m.Name)
		}
	}
	return names
}

// addressee returns the other one where two speak.
func addressee(speaker string, names []string) string {
	if len(names) != 2 || speaker == "" {
		return ""
	}
	if names[0] == speaker {
		return names[1]
	}
	return names[0]
}
