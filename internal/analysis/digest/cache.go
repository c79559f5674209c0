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

// readTimeout bounds how long the messages of a conversation are read.
const readTimeout = 30 * time.Second

// The size of a result in the cache, in bytes, besides its texts.
const (
	perItem = 256
	perID   = 32
)

// Options adjusts a [Cache]. The zero value is fit for production.
type Options struct {
	Memory   int          // bytes that results may take, as estimated; 16 MiB if zero
	Embedder Embedder     // ranks topics by similarity to the conversation; may be nil
	Writer   Writer       // writes summaries; may be nil
	Log      *slog.Logger // for failures of models; discards if nil
}

// A Cache computes topics and summaries, and caches the latest.
type Cache struct {
	messages   Messages
	dictionary func() (*terms.Dictionary, error)
	results    *cache.LRU[string, any]
	calls      singleflight.Group
	embedder   Embedder // may be nil
	writer     Writer   // may be nil
	log        *slog.Logger
}

// New returns a Cache. It loads the lexicon on first use.
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

// UsesModels reports whether a model takes part in topics and in summaries. If
// so, results for the same version may differ.
func (d *Cache) UsesModels() (topics, summary bool) { return d.embedder != nil, d.writer != nil }

// Topics returns the topics of a conversation. Phrases of the vocabulary are
// topics wherever they occur.
func (d *Cache) Topics(ctx context.Context, account string, c conversation.Conversation, vocabulary []string) (Topics, error) {
	key := "topics\x00" + strings.Join(vocabulary, "\x00")
	draft, err := cached(ctx, d, key, account, c, func(dictionary *terms.Dictionary, messages []conversation.Message) (topicDraft, int) {
		return d.draftTopics(dictionary, c, messages, vocabulary)
	})
	if err != nil || d.embedder == nil || len(draft.candidates) == 0 || len(draft.representative) == 0 {
		return Topics{All: draft.topics}, err
	}
	return improve(ctx, d, key, account, c, Topics{draft.topics, true}, func(ctx context.Context) (Topics, int, error) {
		return rankBySimilarity(ctx, d.embedder, draft)
	})
}

// cached returns the cached result for a conversation and a key, or computes it
// from the messages, with its size. The messages may be newer than the version
// of c. Then the result is newer too, and readers of the newer version do not
// get it from the cache.
func cached[T any](ctx context.Context, d *Cache, key, account string, c conversation.Conversation, compute func(*terms.Dictionary, []conversation.Message) (T, int)) (T, error) {
	key = strings.Join([]string{account, c.ID, c.Version, key}, "\x00")
	if v, ok := d.results.Get(key); ok {
		return v.(T), nil
	}
	result := d.calls.DoChan(key, func() (_ any, err error) {
		defer func() {
			if p := recover(); p != nil { // else it would end the process: no caller can recover it
				err = fmt.Errorf("digest conversation %s: panic: %v\n%s", c.ID, p, debug.Stack())
			}
		}()
		// The first reader may cancel while others still wait. There is no
		// deadline in ctx, because the store would retry until then; a call
		// without a reply ends by itself.
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
