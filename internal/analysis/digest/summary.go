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

// Summary returns what the most informative messages of a conversation say, in their
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
	return shared(ctx, d, "summary", account, c, func(ctx context.Context, dictionary *terms.Dictionary, r *reading) (made summaryDraft, weight int, err error) {
		collection := summary.Collect(dictionary)
		var said []words.Word
		var lengths []int32 // of the texts
		err = r.each(ctx, func(m conversation.Message) {
			said = words.Split(said[:0], m.Text)
			collection.Add(said)
			lengths = append(lengths, int32(min(len(m.Text), maxMessageBytes)))
		})
		if err != nil {
			return made, 0, err
		}
		if made.lines, err = d.report(ctx, c, r, collection); err != nil {
			return made, 0, err
		}
		for _, l := range made.lines {
			weight += perItem + perID*len(l.Messages) + len(l.Text)
		}
		if d.writer != nil {
			if made.source, err = sourceMessages(ctx, r, collection, lengths); err != nil {
				return made, 0, err
			}
		}
		for _, m := range made.source {
			weight += perItem + len(m.Text)
		}
		return made, weight, nil
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
func sourceMessages(ctx context.Context, r *reading, collection *summary.Collection, lengths []int32) ([]conversation.Message, error) {
	chosen := make([]int, 0, maxMessages)
	for n := range lengths[:min(len(lengths), maxMessages)] {
		chosen = append(chosen, n)
	}
	if len(lengths) > maxMessages {
		chosen = collection.Pick(maxMessages)
	}
	for bytes := sizeOf(lengths, chosen); bytes > maxBytes; bytes = sizeOf(lengths, chosen) {
		chosen = collection.Pick(len(chosen) * maxBytes / bytes)
	}
	said, err := r.at(ctx, chosen)
	all := make([]conversation.Message, len(said))
	for i, m := range said {
		all[i] = conversation.Message{ID: m.ID, Text: truncate(m.Text), Member: m.Member, Start: m.Start, End: m.End}
	}
	return all, err
}

// sizeOf returns the bytes of the chosen messages, as far as they are sent.
func sizeOf(lengths []int32, chosen []int) int {
	bytes := 0
	for _, n := range chosen {
		bytes += int(lengths[n])
	}
	return bytes
}

// truncate returns the beginning of a text, as far as it is sent.
func truncate(text string) string {
	return strings.Clone(strings.ToValidUTF8(text[:min(len(text), maxMessageBytes)], "")) // a copy, so that the text is not kept in memory
}
