package digest

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/cache"
	"github.com/turnwise/turnwise/internal/conversation"
)

// readTimeout is how long the messages of a conversation may take to be read.
const readTimeout = 30 * time.Second

// What a digest weighs, in bytes, beside its texts.
const (
	perItem = 256
	perID   = 32
)

// Options adjusts a [Cache]. The zero value is fit for production.
type Options struct {
	Memory   int          // bytes that digests may take, as estimated; 16 MiB if zero
	Embedder Embedder     // tells which topics are near to the whole; may be nil
	Writer   Writer       // sums up in words of its own; may be nil
	Log      *slog.Logger // of models that fail; discards if nil
}

// A Cache makes digests, and keeps the latest.
type Cache struct {
	messages   Messages
	dictionary func() (*terms.Dictionary, error)
	results    *cache.LRU[string, any]
	calls      singleflight.Group
	embedder   Embedder // may be nil
	writer     Writer   // may be nil
	log        *slog.Logger
}

// New returns a Desk, which asks for the lexicon when it needs it.
func New(messages Messages, lex func() (*lexicon.Lexicon, error), opts Options) *Cache {
	dictionary := sync.OnceValues(func() (*terms.Dictionary, error) {
		l, err := lex()
		if err != nil {
			return nil, err
		}
		return terms.New(l), nil
	})
	return &Cache{
		messages:   messages,
		dictionary: dictionary,
		results:    cache.NewLRU[string, any](cmp.Or(max(opts.Memory, 0), 16<<20)),
		embedder:   opts.Embedder,
		writer:     opts.Writer,
		log:        cmp.Or(opts.Log, slog.New(slog.DiscardHandler)),
	}
}

// UsesModels reports whether a model has a say in topics, and in summaries. It may
// say something else the next time, about the same version.
func (d *Cache) UsesModels() (topics, summary bool) { return d.embedder != nil, d.writer != nil }

// Topics returns the topics of an account's conversation. The vocabulary are
// phrases that are topics wherever they occur.
func (d *Cache) Topics(ctx context.Context, account string, c conversation.Conversation, vocabulary []string) (Topics, error) {
	key := "topics\x00" + strings.Join(vocabulary, "\x00")
	draft, err := cached(ctx, d, key, account, c, func(dictionary *terms.Dictionary, messages []conversation.Message) (topicDraft, int) {
		return d.draftTopics(dictionary, c, messages, vocabulary)
	})
	if err != nil || d.embedder == nil || len(draft.candidates) == 0 || len(draft.representative) == 0 {
		return Topics{All: draft.topics}, err
	}
	return improve(ctx, d, key, account, c, Topics{draft.topics, true}, func(ctx context.Context) (Topics, int, error) {
		return rankByDistance(ctx, d.embedder, draft)
	})
}

// cached returns what is kept of a conversation under the key, or has it
// computed from its messages, with its weight. These may be newer than the
// version of c: then what is kept is, too, and it is not asked for again once c
// is.
func cached[T any](ctx context.Context, d *Cache, key, account string, c conversation.Conversation, compute func(*terms.Dictionary, []conversation.Message) (T, int)) (T, error) {
	key = strings.Join([]string{account, c.ID, c.Version, key}, "\x00")
	if v, ok := d.results.Get(key); ok {
		return v.(T), nil
	}
	result := d.calls.DoChan(key, func() (_ any, err error) {
		defer func() {
			if p := recover(); p != nil { // it would end the process: nobody above could recover
				err = fmt.Errorf("digest conversation %s: panic: %v\n%s", c.ID, p, debug.Stack())
			}
		}()
		// Whoever asked first may hang up; the others still want it.
		// It has no deadline, which the store would use up: a step that is not
		// answered ends by itself.
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		defer time.AfterFunc(readTimeout, cancel).Stop()
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
		d.results.Put(key, made, perItem+len(key)+weight)
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
