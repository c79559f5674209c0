package steer_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/steer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "acme"
	hook    = "http://receiver.example/hook"
	shards  = 4
)

type noBell struct{}

func (noBell) Ring(context.Context, int, lane.Wake) {}

// bury writes dead events of finished jobs, so many of them, as the scripts would.
func bury(t *testing.T, rdb redis.UniversalClient, count int) webhook.Endpoint {
	t.Helper()
	e, err := webhook.EndpointOf(hook)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UnixMilli()
	for from := 0; from < count; from += 1000 {
		pipe := rdb.Pipeline()
		for n := from; n < min(from+1000, count); n++ {
			shard := n % shards
			job, k := jobs.NewID(shard), fmt.Sprintf("tw:{%d}:", shard)
			pipe.HSet(t.Context(), k+"j:"+account+":"+job, "state", fmt.Sprintf("3 1 1 %d 0 0", now), "hook", e.ID, "events", "1", "body", `{"url":"`+hook+`"}`)
			pipe.ZAdd(t.Context(), k+"dead:"+account+":"+e.ID, redis.Z{Score: float64(now), Member: fmt.Sprintf("%s 1 scheduled %d 5xx", job, now)})
		}
		for shard := range shards {
			pipe.ZAdd(t.Context(), fmt.Sprintf("tw:{%d}:endpoints:%s", shard, account), redis.Z{Score: float64(now), Member: e.ID})
		}
		if _, err := pipe.Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// take delivers what is due in all shards until ctx ends, and counts it.
func take(ctx context.Context, t *testing.T, s *store.Store, got *atomic.Int64) {
	for ctx.Err() == nil {
		idle := true
		for shard := range shards {
			c, _, err := s.ClaimEvent(context.WithoutCancel(ctx), shard)
			for c != nil && err == nil {
				idle = false
				if !c.Event.Replay {
					t.Errorf("event %s is no replay", c.Event.ID())
				}
				a := webhook.Attempt{EventID: c.Event.ID(), Status: c.Event.Status, Number: 1, At: time.Now(), Outcome: webhook.Delivered, Code: 200}
				c, _, err = s.SettleEvents(context.WithoutCancel(ctx), c, []webhook.Settlement{{Outcome: webhook.Delivered, Health: webhook.Fast, Attempt: a}}, ctx.Err() == nil)
				got.Add(1)
			}
			if err != nil {
				t.Error(err)
				return
			}
		}
		if idle {
			select {
			case <-ctx.Done():
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
}

// The shards take turns, so that the events of a resend share the slots of all of them.
func TestResendTakesShardsInTurn(t *testing.T) {
	t.Parallel()

	const each = 10
	rdb := redistest.Server(t).Client()
	s := store.New(rdb, store.Options{Shards: shards})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	e := bury(t, rdb, shards*each)
	service := steer.New(s, noBell{}, func() string { return jobs.NewID(0) }, slog.New(slog.DiscardHandler))
	r, err := service.Start(t.Context(), webhook.Resend{Account: account, Endpoint: e.ID, Rate: 50})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { _ = service.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	for deadline := time.Now().Add(20 * time.Second); r.Sent < 2*each && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if r, err = service.Progress(ctx, account, r.ID); err != nil {
			t.Fatal(err)
		}
	}
	for shard := range shards {
		if left := rdb.ZCard(ctx, fmt.Sprintf("tw:{%d}:dead:%s:%s", shard, account, e.ID)).Val(); left == 0 || left == each {
			t.Errorf("%d of %d dead events are left in shard %d after %d were sent again, want some of each shard to be sent", left, each, shard, r.Sent)
		}
	}
}

// All dead events are sent again, each once, no faster than the rate, by two processes
// side by side; no step of Redis takes long, and memory stays flat. Of a second resend
// that is cancelled the rest stays dead.
func TestResendOfAllDead(t *testing.T) {
	t.Parallel()

	count, most := 600, 60*time.Second
	if os.Getenv("TURNWISE_TEST_LONG") != "" {
		count, most = 100_000, 10*time.Minute
	}
	rdb := redistest.Server(t).Client()
	s := store.New(rdb, store.Options{Shards: shards})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	e := bury(t, rdb, count+500)
	rdb.ConfigSet(t.Context(), "slowlog-log-slower-than", "5000")
	rdb.Do(t.Context(), "SLOWLOG", "RESET")
	ctx, cancel := context.WithCancel(t.Context())
	service := steer.New(s, noBell{}, func() string { return jobs.NewID(rand.IntN(shards)) }, slog.New(slog.DiscardHandler))
	var got atomic.Int64
	ended := make(chan struct{}, 3)
	for _, run := range []func(){
		func() { _ = service.Run(ctx) }, func() { _ = service.Run(ctx) }, func() { take(ctx, t, s, &got) },
	} {
		go func() { run(); ended <- struct{}{} }()
	}
	defer func() {
		cancel()
		for range 3 {
			<-ended
		}
	}()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	r, err := service.Start(ctx, webhook.Resend{Account: account, Endpoint: e.ID, Rate: 400})
	if err != nil || r.Left != int64(count+500) {
		t.Fatalf("Start = %+v, %v", r, err)
	}
	for deadline := began.Add(most); r.Sent < int64(count) && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if r, err = service.Progress(ctx, account, r.ID); err != nil {
			t.Fatal(err)
		}
	}
	took := time.Since(began)
	r, err = service.Cancel(ctx, account, r.ID)
	if err != nil || r.State != webhook.ResendCancelled {
		t.Fatalf("Cancel = %+v, %v", r, err)
	}
	if rate := float64(r.Sent) / took.Seconds(); rate > 440 {
		t.Errorf("%d events in %v, which is %.0f a second, want 400 at most", r.Sent, took, rate)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	time.Sleep(1500 * time.Millisecond) // what was under way
	sent := got.Load()
	states, err := s.Endpoints(t.Context(), account)
	if err != nil || len(states) != 1 || states[0].Dead+sent != int64(count+500) || sent < int64(count) || states[0].Dead == 0 {
		t.Errorf("%d were delivered of %d, then %+v, %v; want the rest dead", sent, count+500, states, err)
	}
	slow := rdb.SlowLogGet(t.Context(), 10).Val()
	for _, entry := range slow {
		t.Logf("slow: %v %.100v", entry.Duration, entry.Args)
	}
	t.Logf("%d events in %v, %d slow steps, heap %d → %d KiB", sent, took, len(slow), before.HeapAlloc>>10, after.HeapAlloc>>10)
}
