package bench

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A bench must count each flaw, or its zero would prove nothing. The flaws are
// made by submitting other messages than those that are checked for.
func TestCheck(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		numbers []int // of the messages that are submitted; 0 to 4 are checked for
		want    int
	}{
		{"as it should be", []int{0, 1, 2, 3, 4}, 0},
		{"the last message lost", []int{0, 1, 2, 3}, 1},
		{"the last message twice", []int{0, 1, 2, 3, 4, 4}, 2},
		{"the first message last", []int{1, 2, 3, 4, 0}, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			ctx := t.Context()
			s := newTestSystem(t)
			id := ""
			for _, n := range tt.numbers {
				r, err := s.service.Submit(ctx, batch{}.job(id, n))
				if err != nil {
					t.Fatal(err)
				}
				id = r.ConversationID
			}
			if err := s.work(ctx, func(ctx context.Context) error { return s.counter.wait(ctx, len(tt.numbers)) }); err != nil {
				t.Fatal(err)
			}
			got, err := s.check(ctx, []string{id}, 5)
			if err != nil || got != tt.want {
				t.Errorf("check = %d, %v; want %d violations", got, err, tt.want)
			}
		})
	}
}

func newTestSystem(t *testing.T) *system {
	t.Helper()
	s, err := newSystem(t.Context(), openTestServer(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

func openTestServer(t *testing.T) *server {
	t.Helper()
	on, err := openServer(redistest.Server(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(on.close)
	return on
}

// What asynq lost or ran twice counts, once per task.
func TestPlainViolations(t *testing.T) {
	t.Parallel()

	p := newPlainRun(nil, 3)
	for n, times := range []int32{1, 0, 2} {
		p.seen[n].Store(times)
	}
	if got := p.violations(); got != 2 {
		t.Errorf("violations = %d, want 2: one task lost and one that came twice", got)
	}
}

// A tally waits for all, and not for ever for what is lost.
func TestTally(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		var c tally
		go func() {
			for range 3 {
				time.Sleep(patience - time.Second)
				c.add()
			}
		}()
		began := time.Now()
		if err := c.wait(t.Context(), 2); err != nil || c.count.Load() != 2 {
			t.Errorf("wait = %v with %d, want 2 of them", err, c.count.Load())
		}
		if err := c.wait(t.Context(), 4); err != nil || c.count.Load() != 3 {
			t.Errorf("wait = %v with %d, want an end with 3 of 4", err, c.count.Load())
		}
		if took := time.Since(began); took < 3*(patience-time.Second)+time.Second || took > 5*patience {
			t.Errorf("waited for %v, want it to end some time after the last one", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.wait(ctx, 4); err == nil {
			t.Error("wait = nil though its context is done")
		}
	})
}
