package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// opened returns a second Store on the Redis of the fixture.
func (f *fixture) opened() *store.Store {
	f.t.Helper()
	s := store.New(f.rdb, store.Options{Shards: shards})
	if err := s.Open(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	return s
}

func recognized(t *testing.T, who string, s *store.Store, losses int) {
	t.Helper()
	if got, err := s.Recognize(t.Context()); got != losses || err != nil {
		t.Errorf("Recognize by %s = %d, %v; want %d losses", who, got, err, losses)
	}
}

// Each of several processes notices a loss, whoever puts the marker back, and
// none of them takes the other for a stranger.
func TestEachProcessNoticesALoss(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		one, two := f.opened(), f.opened()
		recognized(t, "one before", one, 0)
		for n := range 3 {
			if err := f.rdb.FlushAll(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
			recognized(t, "one", one, n+1)
			recognized(t, "two", two, n+1)
			recognized(t, "one again", one, n+1)
		}
		recognized(t, "one who starts afterwards", f.opened(), 0)
	})
}

// After a loss the number of shards is still that of the process that runs.
func TestALossDoesNotFreeTheNumberOfShards(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		if err := f.rdb.FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		recognized(t, "the one that runs", f.Store, 1)
		err := store.New(f.rdb, store.Options{Shards: shards + 1}).Open(t.Context())
		if err == nil || !strings.Contains(err.Error(), "TURNWISE_SHARDS is 5: set it to 4") {
			t.Errorf("Open with another number = %v, want it refused", err)
		}
	})
}

// Data that others began is not taken for one's own, until one's own is back.
func TestForeignData(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		own := f.rdb.Get(ctx, "tw:shards").Val()
		for _, other := range []string{"4 SOMEBODYELSE 0 4", strings.Replace(own, "4 ", "8 ", 1), "4", "nonsense"} {
			if err := f.rdb.Set(ctx, "tw:shards", other, 0).Err(); err != nil {
				t.Fatal(err)
			}
			if _, err := f.Recognize(ctx); !errors.Is(err, store.ErrForeignData) {
				t.Errorf("Recognize of %q = %v, want ErrForeignData", other, err)
			}
			if got := f.rdb.Get(ctx, "tw:shards").Val(); got != other {
				t.Errorf("the marker of others was %q and is %q", other, got)
			}
		}
		if err := f.rdb.Set(ctx, "tw:shards", own, 0).Err(); err != nil {
			t.Fatal(err)
		}
		recognized(t, "the one that runs", f.Store, 0)
	})
}

func TestOpenRefusesAnotherLayout(t *testing.T) {
	t.Parallel()
	for marker, want := range map[string]string{
		"16": "not what Turnwise writes", "16 X 0": "has layout 1, and this version reads layout 9", "16 X 0 8": "has layout 8", "16 X 0 10": "has layout 10",
	} {
		rdb := redistest.New(t)
		if err := rdb.Set(t.Context(), "tw:shards", marker, 0).Err(); err != nil {
			t.Fatal(err)
		}
		err := store.New(rdb, store.Options{}).Open(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "an empty Redis") {
			t.Errorf("Open on %q = %v, want %q and the way out", marker, err, want)
		}
	}
}

// A Redis that is away for a moment has lost nothing.
func TestAwayIsNoLoss(t *testing.T) {
	t.Parallel()
	srv := redistest.Server(t, "--appendonly", "yes", "--appendfsync", "always")
	f := newFixture(t, srv.Client())
	srv.Kill()
	if got, err := f.Recognize(t.Context()); got != 0 || !errors.Is(err, jobs.ErrUnavailable) {
		t.Errorf("Recognize without Redis = %d, %v; want ErrUnavailable", got, err)
	}
	srv.Restart()
	recognized(t, "the one that runs", f.Store, 0)
}

// Who is not told the number of shards takes the one of the data. On an empty Redis it is
// 4, and 16 if that is a Cluster.
func TestUsualNumberOfShards(t *testing.T) {
	t.Parallel()

	open := func(t *testing.T, rdb redis.UniversalClient, want int) {
		t.Helper()
		s := store.New(rdb, store.Options{})
		if err := s.Open(t.Context()); err != nil || s.Shards() != want {
			t.Errorf("Open = %v, with %d shards, want %d", err, s.Shards(), want)
		}
	}
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		open(t, rdb, 4)
		if err := rdb.Set(t.Context(), "tw:shards", "7 SOMEBODY 0 9", 0).Err(); err != nil {
			t.Fatal(err)
		}
		open(t, rdb, 7)
	})
	t.Run("cluster", func(t *testing.T) {
		t.Parallel()
		rdb, _ := redistest.Cluster(t)
		open(t, rdb, 16)
	})
}
