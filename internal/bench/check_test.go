package bench

import (
	"context"
	"testing"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// TestCheck spoils what the workers stored: a bench must count each flaw, or
// its zero would prove nothing.
func TestCheck(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name   string
		script string // does something to KEYS[1], the messages "0 …" to "4 …"
		want   int
	}{
		{"as it was stored", `return 1`, 0},
		{"the last message lost", `return redis.call("RPOP", KEYS[1])`, 1},
		{"the last message twice", `return redis.call("RPUSH", KEYS[1], redis.call("LINDEX", KEYS[1], -1))`, 2},
		{"the first message last", `return redis.call("LMOVE", KEYS[1], KEYS[1], "LEFT", "RIGHT")`, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			srv := redistest.Server(t)
			b := &bench{rdb: srv.Client(), asynq: srv.Client(), scale: 1}
			ctx := t.Context()
			s, err := b.newSystem(ctx)
			if err != nil {
				t.Fatal(err)
			}
			ids, err := s.submitAll(ctx, 2, 5, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := s.work(ctx, func(ctx context.Context) error { return s.counter.wait(ctx, 10) }); err != nil {
				t.Fatal(err)
			}
			keys, err := b.rdb.Keys(ctx, "tw:{*}:m:*:"+ids[1]).Result()
			if err != nil || len(keys) != 1 {
				t.Fatalf("keys of the messages = %v, %v", keys, err)
			}
			if err := b.rdb.Eval(ctx, tt.script, keys).Err(); err != nil {
				t.Fatal(err)
			}
			got, err := s.check(ctx, ids, 5)
			if err != nil || got != tt.want {
				t.Errorf("check = %d, %v; want %d violations", got, err, tt.want)
			}
		})
	}
}
