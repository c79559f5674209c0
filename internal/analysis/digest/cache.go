package digest

import (
	"cmp"
	"context"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/recap"
	"github.com/turnwise/turnwise/internal/analysis/speech"
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
	Memory int // bytes that results may take, as estimated; 32 MiB if zero
	// Concurrency is how many results are computed at once, of which one account has
	// half at most; one a core if zero.
	Concurrency int

	Embedder Embedder     // ranks topics by similarity to the conversation; may be nil
	Writer   Writer       // writes summaries; may be nil
	Log      *slog.Logger // for failures of models; discards if nil
}

// A Cache computes topics, summaries and what else is made of a whole
// conversation, and caches the latest.
type Cache struct {
	messages   Messages
	dictionary func() (*terms.Dictionary, error)
	results    *cache.LRU[string, any]
	flights    flights
	turns      *turns
	calls      singleflight.Group // of models
	embedder   Embedder           // may be nil
	writer     Writer             // may be nil
	recap      func() *recap.Writer
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
		results:    cache.NewLRU[string, any](cmp.Or(max(opts.Memory, 0), 32<<20)),
		flights:    flights{byKey: map[string]*flight{}},
		turns:      newTurns(cmp.Or(max(opts.Concurrency, 0), runtime.GOMAXPROCS(0))),
		embedder:   opts.Embedder,
		writer:     opts.Writer,
		recap:      sync.OnceValue(func() *recap.Writer { return recap.New(speech.New()) }),
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
	draft, err := shared(ctx, d, key, account, c, func(ctx context.Context, dictionary *terms.Dictionary, r *reading) (topicDraft, int, error) {
		return d.draftTopics(ctx, dictionary, c, r, vocabulary)
	})
	if err != nil || d.embedder == nil || len(draft.candidates) == 0 || len(draft.representative) == 0 {
		return Topics{All: draft.topics}, err
	}
	return improve(ctx, d, key, account, c, Topics{draft.topics, true}, func(ctx context.Context) (Topics, int, error) {
		return rankBySimilarity(ctx, d.embedder, draft)
	})
}

// shared is [Cache.Share] for a type.
func shared[T any](ctx context.Context, d *Cache, name, account string, c conversation.Conversation, compute func(context.Context, *terms.Dictionary, *reading) (T, int, error)) (T, error) {
	v, err := d.Share(ctx, name, account, c, func(ctx context.Context) (any, int, error) {
		dictionary, err := d.dictionary()
		if err != nil {
			return nil, 0, err
		}
		return compute(ctx, dictionary, d.reading(account, c.ID))
	})
	made, _ := v.(T) // nil if there is an error
	return made, err
}
