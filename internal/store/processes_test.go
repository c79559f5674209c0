package store_test

import (
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// Records are there while they are fresh, and not kept for ever when they are not.
func TestBeats(t *testing.T) {
	t.Parallel()

	redis := redistest.ClockedServer(t)
	s := store.New(redis.Client(), store.Options{Shards: 1})
	beat := func(id string) {
		t.Helper()
		if err := s.Beat(t.Context(), id, []byte(`{"a b":1}`)); err != nil {
			t.Fatal(err)
		}
	}
	want := func(when string, ids ...string) {
		t.Helper()
		got, err := s.Beats(t.Context())
		if err != nil || len(got) != len(ids) {
			t.Errorf("%s Beats = %q, %v; want %v", when, got, err, ids)
		}
		for _, id := range ids {
			if string(got[id]) != `{"a b":1}` {
				t.Errorf("%s the record of %s is %q", when, id, got[id])
			}
		}
	}
	beat("one")
	beat("two")
	want("at once", "one", "two")
	redis.Shift(6 * time.Second)
	beat("two")
	redis.Shift(12 * time.Second)
	want("later", "two")
	redis.Shift(70 * time.Second)
	beat("three")
	want("in the end", "three")
	if n := redis.Client().HLen(t.Context(), "tw:processes").Val(); n != 1 {
		t.Errorf("%d records are kept, want 1", n)
	}
	if err := s.EndBeat(t.Context(), "three"); err != nil {
		t.Fatal(err)
	}
	want("after its end")
}
