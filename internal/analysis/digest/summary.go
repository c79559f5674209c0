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

// A Summary is the summary of a conversation.
type Summary struct {
	Lines   []Line
	Interim bool // the [Writer] has not written it yet: read again later
}

// A Line is a part of a summary: a message, or a sentence about several.
type Line struct {
	ID         string
	Text       string
	Messages   []string // ids of the messages it is about, in their order; one at least
	Start, End time.Time
}

// Summary returns the most informative messages of a conversation, in their
// order, or the summary of the [Writer].
func (d *Cache) Summary(ctx context.Context, account string, c conversation.Conversation) (Summary, error) {
	made, err := d.draft(ctx, account, c)
	if err != nil || len(made.source) == 0 {
		return Summary{Lines: made.lines}, err
	}
	return improve(ctx, d, "summary", account, c, Summary{made.lines, true}, func(ctx context.Context) (Summary, int, error) {
		return d.write(ctx, c, made)
	})
}

// A summaryDraft is a summary made of messages. It also has the source messages
// for the [Writer], if there is one.
type summaryDraft struct {
	lines  []Line
	source []conversation.Message
}

func (d *Cache) draft(ctx context.Context, account string, c conversation.Conversation) (summaryDraft, error) {
	return cached(ctx, d, "summary", account, c, func(dictionary *terms.Dictionary, messages []conversation.Message) (made summaryDraft, weight int) {
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
			made.source = sourceMessages(collection, messages)
		}
		for _, m := range made.source {
			weight += perItem + len(m.Text)
		}
		return made, weight
	})
}

// The limits of what a [Writer] reads.
const (
	maxMessages     = 200
	maxBytes        = 24 << 10
	maxMessageBytes = 1 << 10
)

// sourceMessages returns all messages, or the most informative ones, in their
// order and without findings.
func sourceMessages(collection *summary.Collection, messages []conversation.Message) []conversation.Message {
	chosen := make([]int, 0, maxMessages)
	for n := range messages[:min(len(messages), maxMessages)] {
		chosen = append(chosen, n)
	}
	if len(messages) > maxMessages {
		chosen = collection.Pick(maxMessages)
	}
	for bytes := sizeOf(messages, chosen); bytes > maxBytes; bytes = sizeOf(messages, chosen) {
		chosen = collection.Pick(len(chosen) * maxBytes / bytes)
	}
	all := make([]conversation.Message, len(chosen))
	for i, n := range chosen {
		m := messages[n]
		all[i] = conversation.Message{ID: m.ID, Text: truncate(m.Text), Member: m.Member, Start: m.Start, End: m.End}
	}
	return all
}

// sizeOf returns the bytes of the chosen messages, as far as they are sent.
func sizeOf(messages []conversation.Message, chosen []int) int {
	bytes := 0
	for _, n := range chosen {
		bytes += min(len(messages[n].Text), maxMessageBytes)
	}
	return bytes
}

// truncate returns the beginning of a text, as far as it is sent.
func truncate(text string) string {
	return strings.Clone(strings.ToValidUTF8(text[:min(len(text), maxMessageBytes)], "")) // a copy, so that the text is not kept in memory
}
