package main

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A holding is what Redis holds at one moment.
type holding struct {
	keys  int64 // all of them
	rings int64 // those of asynq: its tasks, and what it keeps of them
	bytes int64 // as Redis counts its memory
}

func holdingOf(ctx context.Context, t *testing.T, rdb redis.UniversalClient) (h holding) {
	t.Helper()
	info := rdb.Info(ctx, "memory").Val()
	for line := range strings.Lines(info) {
		if value, found := strings.CutPrefix(strings.TrimSpace(line), "used_memory:"); found {
			h.bytes, _ = strconv.ParseInt(value, 10, 64) // zero is found out below
		}
	}
	for keys := rdb.Scan(ctx, 0, "*", 1000).Iterator(); keys.Next(ctx); {
		h.keys++
		if strings.HasPrefix(keys.Val(), "asynq:") {
			h.rings++
		}
	}
	if h.keys == 0 || h.bytes == 0 {
		t.Fatal("Redis does not say what it holds")
	}
	return h
}

// There is more work than anybody is free for. What Redis holds stays as it is,
// but for the jobs that are accepted and the work that is done.
func TestNobodyIsFree(t *testing.T) {
	t.Parallel()

	t.Run("no worker at all", func(t *testing.T) {
		t.Parallel()

		server := redistest.Server(t)
		c := newClient(startWorker(t, "REDIS_URL="+server.URL(), "ROLES=api"))
		l := newLedger()
		conversations, n := l.begin(c, 60, "http://127.0.0.1:9/hook"), 0
		stop := during(t, 100*time.Millisecond, func() {
			n++
			l.must(c, conversations[n%len(conversations)], "And another one.", "http://127.0.0.1:9/hook")
		})
		defer stop()
		checkLevel(t, server.Client(), 10*3) // a job, its events and its idempotency key, ten times a second
	})
	t.Run("a receiver that hangs", func(t *testing.T) {
		t.Parallel()

		server := redistest.Server(t)
		release := make(chan struct{})
		hooks := newReceiver(t, func(int) int { <-release; return 204 })
		w := startWorker(t, "REDIS_URL="+server.URL(), "WEBHOOK_CONCURRENCY=2", "WEBHOOK_TIMEOUT=5m")
		t.Cleanup(func() { w.kill(); close(release) }) // before the receiver closes
		l := newLedger()
		l.begin(newClient(w), 60, hooks.url)
		l.check(t, newClient(w), nil)
		checkLevel(t, server.Client(), 0)
	})
	t.Run("an analyzer that is slow", func(t *testing.T) {
		t.Parallel()

		server := redistest.Server(t)
		var done atomic.Int64
		service := newAnalyzer(t, func(ctx context.Context, _ call) (int, string) {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
			done.Add(1)
			return nothing()
		})
		w := startWorker(t, "REDIS_URL="+server.URL(), "ANALYZER_URL="+service.url, "CONCURRENCY=1")
		newLedger().begin(newClient(w), int(2*lasts(20*time.Second, 10*time.Minute)/time.Second), "")
		checkLevel(t, server.Client(), 8) // what a job leaves: members, messages …
		if done.Load() == 0 {
			t.Error("no job was worked")
		}
	})
}

// checkLevel waits, and checks that Redis holds no more in the end than it did
// after a moment, but for so many keys a second.
func checkLevel(t *testing.T, rdb redis.UniversalClient, keysPerSecond int64) {
	t.Helper()
	const settle = 5 * time.Second
	// What connections, locks that expire and Servers of asynq come and go with.
	// Rings that pile up are hundreds within the span.
	const spareKeys, spareBytes = 16, 256 << 10
	span := lasts(15*time.Second, 10*time.Minute)
	time.Sleep(settle) // the first rings are on their way, and connections open
	before := holdingOf(t.Context(), t, rdb)
	time.Sleep(span)
	after := holdingOf(t.Context(), t, rdb)
	t.Logf("after %v and after %v: %+v, %+v", settle, settle+span, before, after)
	growth := keysPerSecond * int64(span/time.Second)
	if most := before.rings + spareKeys; after.rings > most {
		t.Errorf("keys of asynq rose from %d to %d, want %d at most", before.rings, after.rings, most)
	}
	if most := before.keys + growth + spareKeys; after.keys > most {
		t.Errorf("keys rose from %d to %d, want %d at most", before.keys, after.keys, most)
	}
	if most := before.bytes + growth*1024 + spareBytes; after.bytes > most {
		t.Errorf("memory rose from %d to %d bytes, want %d at most", before.bytes, after.bytes, most)
	}
}
