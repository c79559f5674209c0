package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// longWrites holds the writes of long texts back until it is released, and counts how
// many of an account are under way at once.
type longWrites struct {
	release chan struct{}
	begun   chan struct{} // closed with the first one

	mu        sync.Mutex
	now, most map[string]int
}

func (h *longWrites) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h *longWrites) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (h *longWrites) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		key, _ := cmd.Args()[1].(string)
		_, lane, long := strings.Cut(key, "}:b:")
		if !long || cmd.Name() != "set" {
			return next(ctx, cmd)
		}
		owner, _, _ := strings.Cut(lane, ":")
		h.count(owner, 1)
		defer h.count(owner, -1)
		if owner == account {
			<-h.release
		}
		return next(ctx, cmd)
	}
}

func (h *longWrites) count(owner string, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now[owner] += n; h.now[owner] > h.most[owner] {
		if h.most[owner] = h.now[owner]; owner == account && h.most[owner] == 1 {
			close(h.begun)
		}
	}
}

// Of an account one long text is written at a time, however many come at once; another
// account waits for none of them.
func TestLongTextsOfAnAccountTakeTurns(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		f := newFixture(t, rdb)
		h := &longWrites{release: make(chan struct{}), begun: make(chan struct{}), now: map[string]int{}, most: map[string]int{}}
		rdb.AddHook(h)
		accept := func(owner string) {
			job := jobs.Job{
				ID: jobs.NewID(shard), Account: owner, ConversationID: talk,
				Utterances: []analysis.Utterance{{Text: strings.Repeat("long ", 50_000)}},
			}
			if _, _, err := f.Accept(t.Context(), job, jobs.Terms{Create: owner != account}); err != nil {
				t.Errorf("Accept for %s: %v", owner, err)
			}
		}
		f.accept("first", true)
		var posts sync.WaitGroup
		for range 8 {
			posts.Go(func() { accept(account) })
		}
		<-h.begun
		accept("other")
		close(h.release)
		posts.Wait()
		if h.most[account] != 1 || h.most["other"] != 1 {
			t.Errorf("%v long texts were written at once, want 1 of each account", h.most)
		}
	})
}
