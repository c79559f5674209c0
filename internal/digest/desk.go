package digest

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/summary"
	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/topics"
	"github.com/turnwise/turnwise/internal/analysis/words"
	"github.com/turnwise/turnwise/internal/conversation"
)

// patience is how long the messages of a conversation may take to be read.
const patience = 30 * time.Second

// What a digest weighs, in bytes, beside its texts.
const (
	perItem = 256
	perID   = 32
)

// Options adjusts a [Desk]. The zero value is fit for production.
type Options struct {
	Memory int // bytes that digests may take, as estimated; 16 MiB if zero
}

// A Desk makes digests, and keeps the latest.
type Desk struct {
	messages   Messages
	dictionary func() (*terms.Dictionary, error)
	kept       *shelf
	underway   singleflight.Group
}

// New returns a Desk, which asks for the lexicon when it needs it.
func New(messages Messages, lex func() (*lexicon.Lexicon, error), opts Options) *Desk {
	dictionary := sync.OnceValues(func() (*terms.Dictionary, error) {
		l, err := lex()
		if err != nil {
			return nil, err
		}
		return terms.New(l), nil
	})
	return &Desk{messages: messages, dictionary: dictionary, kept: newShelf(cmp.Or(max(opts.Memory, 0), 16<<20))}
}

// Topics returns the topics of an account's conversation. The vocabulary are
// phrases that are topics wherever they occur.
func (d *Desk) Topics(ctx context.Context, account string, c conversation.Conversation, vocabulary []string) ([]Topic, error) {
	key := "topics\x00" + strings.Join(vocabulary, "\x00")
	return once(ctx, d, key, account, c, func(dictionary *terms.Dictionary, messages []conversation.Message) ([]Topic, int) {
		opts := topics.Options{Vocabulary: vocabulary}
		for _, m := range c.Members {
			opts.Members = append(opts.Members, m.Name)
		}
		collection := topics.Collect(dictionary, opts)
		var said []words.Word
		for _, m := range messages {
			said = words.Split(said[:0], m.Text)
			t := topics.Message{ID: m.ID, Speaker: cmp.Or(c.Merged[m.Member], m.Member), Words: said}
			if m.Polarity != nil {
				t.Sentiment = *m.Polarity
			}
			collection.Add(t)
		}
		return topicsOf(c.ID, collection.Topics())
	})
}

// topicsOf returns the topics with ids, and what they weigh.
func topicsOf(conversationID string, found []topics.Topic) (all []Topic, weight int) {
	all = make([]Topic, len(found))
	for i, t := range found {
		all[i] = Topic{
			ID:   conversation.MessageID(conversationID+"/topics/"+t.Key, 0),
			Text: t.Text, Score: t.Score, Messages: t.Messages, Sentiment: t.Sentiment, Parents: t.Parents,
		}
		weight += perItem + len(t.Text) + perID*len(t.Messages)
	}
	return all, weight
}

// Summary returns the messages of an account's conversation that say most of
// it, in their order, without what was found in them.
func (d *Desk) Summary(ctx context.Context, account string, c conversation.Conversation) ([]conversation.Message, error) {
	return once(ctx, d, "summary", account, c, func(dictionary *terms.Dictionary, messages []conversation.Message) (picked []conversation.Message, weight int) {
		collection := summary.Collect(dictionary)
		var said []words.Word
		for _, m := range messages {
			said = words.Split(said[:0], m.Text)
			collection.Add(said)
		}
		for _, n := range collection.Pick(summary.Size(len(messages))) {
			m := messages[n]
			picked = append(picked, conversation.Message{ID: m.ID, Text: m.Text, Member: m.Member, Start: m.Start, End: m.End})
			weight += perItem + len(m.Text)
		}
		return picked, weight
	})
}

// once returns what is kept of a conversation under the key, or has it
// computed from its messages, with its weight. These may be newer than the
// version of c: then what is kept is, too, and it is not asked for again once c
// is.
func once[T any](ctx context.Context, d *Desk, key, account string, c conversation.Conversation, compute func(*terms.Dictionary, []conversation.Message) (T, int)) (T, error) {
	key = strings.Join([]string{account, c.ID, c.Version, key}, "\x00")
	if v, ok := d.kept.get(key); ok {
		return v.(T), nil
	}
	result := d.underway.DoChan(key, func() (_ any, err error) {
		defer func() {
			if p := recover(); p != nil { // it would end the process: nobody above could recover
				err = fmt.Errorf("digest conversation %s: panic: %v\n%s", c.ID, p, debug.Stack())
			}
		}()
		// Whoever asked first may hang up; the others still want it.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		dictionary, err := d.dictionary()
		if err != nil {
			return nil, err
		}
		messages, err := d.messages.Messages(ctx, account, c.ID)
		if err != nil {
			return nil, fmt.Errorf("read the messages of conversation %s: %w", c.ID, err)
		}
		made, weight := compute(dictionary, messages)
		d.kept.put(key, made, perItem+len(key)+weight)
		return made, nil
	})
	var none T
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case r := <-result:
		if r.Err != nil {
			return none, r.Err
		}
		return r.Val.(T), nil
	}
}
