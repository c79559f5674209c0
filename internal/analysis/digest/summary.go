package digest

import (
	"context"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/summary"
	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/words"
	"github.com/turnwise/turnwise/internal/conversation"
)

// A Summary tells what was said in a conversation.
type Summary struct {
	Lines   []Line
	Interim bool // the [Writer] has not made one, but may yet: ask again
}

// A Line is a part of a summary: a message, or words that stand for several.
type Line struct {
	ID         string
	Text       string
	Messages   []string // ids of those that it stands for, in their order; one at least
	Start, End time.Time
}

// Summary returns the messages of an account's conversation that say most of
// it, in their order, or what the [Writer] makes of them.
func (d *Desk) Summary(ctx context.Context, account string, c conversation.Conversation) (Summary, error) {
	made, err := d.draft(ctx, account, c)
	if err != nil || len(made.material) == 0 {
		return Summary{Lines: made.lines}, err
	}
	return improve(ctx, d, "summary", account, c, Summary{made.lines, true}, func(ctx context.Context) (Summary, int, error) {
		return d.write(ctx, c, made)
	})
}

// A summaryDraft is a summary made of messages. For the [Writer], if there is
// one, it has more of them.
type summaryDraft struct {
	lines    []Line
	material []conversation.Message
}

func (d *Desk) draft(ctx context.Context, account string, c conversation.Conversation) (summaryDraft, error) {
	return once(ctx, d, "summary", account, c, func(dictionary *terms.Dictionary, messages []conversation.Message) (made summaryDraft, weight int) {
		collection := summary.Collect(dictionary)
		var said []words.Word
		for _, m := range messages {
			said = words.Split(said[:0], m.Text)
			collection.Add(said)
		}
		for _, n := range collection.Pick(summary.Size(len(messages))) {
			m := messages[n]
			made.lines = append(made.lines, Line{ID: m.ID, Text: m.Text, Messages: []string{m.ID}, Start: m.Start, End: m.End})
			weight += perItem + perID + len(m.Text)
		}
		if d.writer != nil {
			made.material = material(collection, messages)
		}
		for _, m := range made.material {
			weight += perItem + len(m.Text)
		}
		return made, weight
	})
}

// What a [Writer] reads at most: more would cost much and say little.
const (
	mostMaterial  = 200
	bytesMaterial = 24 << 10
	bytesMessage  = 1 << 10
)

// material returns all messages, or those that say most, in their order and
// without what was found in them.
func material(collection *summary.Collection, messages []conversation.Message) []conversation.Message {
	chosen := make([]int, 0, mostMaterial)
	for n := range messages[:min(len(messages), mostMaterial)] {
		chosen = append(chosen, n)
	}
	if len(messages) > mostMaterial {
		chosen = collection.Pick(mostMaterial)
	}
	for bytes := sizeOf(messages, chosen); bytes > bytesMaterial; bytes = sizeOf(messages, chosen) {
		chosen = collection.Pick(len(chosen) * bytesMaterial / bytes)
	}
	all := make([]conversation.Message, len(chosen))
	for i, n := range chosen {
		m := messages[n]
		all[i] = conversation.Message{ID: m.ID, Text: beginning(m.Text), Member: m.Member, Start: m.Start, End: m.End}
	}
	return all
}

// sizeOf returns the bytes of the chosen messages, as far as they are read.
func sizeOf(messages []conversation.Message, chosen []int) int {
	bytes := 0
	for _, n := range chosen {
		bytes += min(len(messages[n].Text), bytesMessage)
	}
	return bytes
}

// beginning returns as much of a text as is read.
func beginning(text string) string {
	return strings.Clone(strings.ToValidUTF8(text[:min(len(text), bytesMessage)], "")) // the rest is not needed
}
