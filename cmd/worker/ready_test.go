package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// opsAnswer returns an answer of the ops listener, 0 if there is none.
func (w *workerProcess) opsAnswer(path string) (status int, body string, took time.Duration) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.ops+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	begun := time.Now()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", 0
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, string(text), time.Since(begun)
}

// A cause is what keeps Redis from serving, and what /readyz says then.
type cause struct {
	name       string
	set, reset [][]any // commands
	says       string
}

func causes() []cause {
	config := func(name, value string) [][]any { return [][]any{{"CONFIG", "SET", name, value}} }
	acl := func(rules ...any) [][]any { return [][]any{append([]any{"ACL", "SETUSER", "default"}, rules...)} }
	all := acl("resetkeys", "~*", "+@all")
	return []cause{
		{name: "full", set: config("maxmemory", "1"), reset: config("maxmemory", "0"), says: "memory is full (OOM)"},
		{name: "replica", set: [][]any{{"REPLICAOF", "127.0.0.1", "1"}}, reset: [][]any{{"REPLICAOF", "NO", "ONE"}}, says: "is a replica and refuses writes (READONLY)"},
		{name: "few replicas", set: config("min-replicas-to-write", "1"), reset: config("min-replicas-to-write", "0"), says: "too few replicas follow it (NOREPLICAS)"},
		{name: "no scripts", set: acl("-@scripting"), reset: all, says: "does not permit its user what Turnwise needs (NOPERM)"},
		{name: "no writes", set: acl("-@write"), reset: all, says: "does not permit its user what Turnwise needs (NOPERM)"},
		{name: "other keys", set: acl("resetkeys", "~other:*"), reset: all, says: "does not permit its user what Turnwise needs (NOPERM)"},
		{name: "no RPUSH", set: acl("-rpush"), reset: all, says: "does not permit its user the command RPUSH, which Turnwise needs, (NOPERM)"},
	}
}

// Whatever keeps an append from being accepted makes the process not ready,
// with a sentence that names it, within the time that a prober waits, and in
// one line of the log. Afterwards it is ready again by itself.
func TestReadyNamesTheCause(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	w := startWorker(t, "REDIS_URL="+server.URL())
	c, admin := newClient(w), server.Client()
	do := func(commands [][]any) {
		for _, command := range commands {
			if err := admin.Do(t.Context(), command...).Err(); err != nil {
				t.Fatalf("%v: %v", command, err)
			}
		}
	}
	w.awaitReady("before")
	for _, tt := range causes() {
		before := strings.Count(w.log.String(), "redis does not serve")
		do(tt.set)
		w.awaitNotReady(tt.name, tt.says)
		a, err := c.send(t.Context(), http.MethodPost, "/v1/process/text", `{"messages":[{"payload":{"content":"One."}}]}`)
		if err != nil || a.status != http.StatusServiceUnavailable {
			t.Errorf("%s: an append is answered %d, %v; want 503", tt.name, a.status, err)
		}
		if up := w.metric("turnwise_ready"); up != 0 {
			t.Errorf("%s: turnwise_ready is %v, want 0", tt.name, up)
		}
		do(tt.reset)
		w.awaitReady(tt.name)
		if n := strings.Count(w.log.String(), "redis does not serve") - before; n != 1 {
			t.Errorf("%s: the log has %d lines that Redis does not serve, want 1", tt.name, n)
		}
	}
}

func (w *workerProcess) awaitReady(after string) {
	w.t.Helper()
	await(w.t, "the worker is ready after "+after, func() bool {
		status, _, _ := w.opsAnswer("/readyz")
		return status == http.StatusOK
	})
}

// awaitNotReady waits for the sentence, and checks that no answer took longer
// than a second, or names an address.
func (w *workerProcess) awaitNotReady(when, says string) {
	w.t.Helper()
	body := ""
	await(w.t, when+": /readyz says "+says+", and not "+body, func() bool {
		status, text, took := w.opsAnswer("/readyz")
		if took > 1500*time.Millisecond { // a second, on a machine that is busy
			w.t.Errorf("%s: /readyz took %v, want a second at most", when, took)
		}
		if strings.Contains(text, "127.0.0.1") {
			w.t.Errorf("%s: /readyz names an address: %s", when, text)
		}
		if status == http.StatusServiceUnavailable {
			body = text
		}
		return status == http.StatusServiceUnavailable && strings.Contains(text, says)
	})
}

// A Redis that cannot write its snapshot refuses writes, and a silent or a dead
// one everything.
func TestReadyWithoutDisk(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t, "--save", "3600 1", "--enable-protected-configs", "yes")
	w := startWorker(t, "REDIS_URL="+server.URL())
	w.awaitReady("the start")
	admin, gone := server.Client(), server.Dir+"/gone"
	if err := os.Mkdir(gone, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := admin.ConfigSet(t.Context(), "dir", gone).Err(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	if err := admin.BgSave(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	w.awaitNotReady("no disk", "cannot save to its disk (MISCONF)")
}

func TestReadyWhileRedisIsSilent(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	w := startWorker(t, "REDIS_URL="+server.URL())
	w.awaitReady("the start")
	server.Stop()
	w.awaitNotReady("silent", "Redis does not answer.\n")
	for range 3 {
		status, body, took := w.opsAnswer("/metrics")
		if took > 1500*time.Millisecond || status != http.StatusOK {
			t.Errorf("/metrics is %d after %v while Redis is silent, want 200 within a second", status, took)
		}
		if !strings.Contains(body, "\nturnwise_redis_up 0\n") || strings.Contains(body, "turnwise_lanes_pending{") {
			t.Error("/metrics does not say that Redis is away")
		}
		if w.metric(`turnwise_scrapes_incomplete_total{source="asynq"}`) == 0 {
			t.Error("no incomplete scrape was counted")
		}
	}
	server.Cont()
	w.awaitReady("the silence")
	server.Kill()
	w.awaitNotReady("dead", "Redis does not answer.\n")
	server.Restart()
	w.awaitReady("its death")
}

// Who accepts no jobs needs no memory for them.
func TestReadyWithoutRoomForWorkers(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	w := startWorker(t, "REDIS_URL="+server.URL(), "ROLES=worker,dispatcher")
	api := startWorker(t, "REDIS_URL="+server.URL(), "ROLES=api")
	if err := server.Client().ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	api.awaitNotReady("full", "(OOM)")
	time.Sleep(2 * checkEvery)
	if status, body, _ := w.opsAnswer("/readyz"); status != http.StatusOK {
		t.Errorf("/readyz of a worker is %d %s with a full Redis, want 200", status, body)
	}
}

// However many ask, Redis is asked once a second.
func TestProbesDoNotLoadRedis(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	w := startWorker(t, "REDIS_URL="+server.URL(), "ROLES=api")
	w.awaitReady("the start")
	calls := func() (n int) {
		for line := range strings.Lines(server.Client().Info(t.Context(), "commandstats").Val()) {
			if strings.HasPrefix(line, "cmdstat_evalsha:") {
				for _, digit := range line[len("cmdstat_evalsha:calls="):strings.Index(line, ",")] {
					n = 10*n + int(digit-'0')
				}
			}
		}
		return n
	}
	before, begun := calls(), time.Now()
	for range 300 {
		w.opsStatus("/readyz")
	}
	if n, most := calls()-before, int(time.Since(begun).Seconds())+3; n > most {
		t.Errorf("300 probes in %v caused %d calls, want %d at most", time.Since(begun), n, most)
	}
}
