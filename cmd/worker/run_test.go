package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// The demo, in this process and on nothing but Go.
//
//nolint:paralleltest // the logger of the Redis client belongs to the process
func TestDemo(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, log logBuffer
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"--demo", "--listen=127.0.0.1:0", "--ops-listen=127.0.0.1:0", "--data-dir", dir, "--embedded=memory"}, nil, &out, &log)
	}()
	await(t, "the demo comes to its end", func() bool {
		return strings.Contains(out.String(), "The worker stays up") || len(ended) > 0
	})
	text := out.String()
	for word, n := range map[string]int{"scheduled ": 3, "in_progress ": 3, "completed ": 3, "signature ✓": 9, " 201 ": 3} {
		if got := strings.Count(text, word); got != n {
			t.Errorf("%q comes %d times, want %d", word, got, n)
		}
	}
	at := 0 // each after the one before
	for _, line := range []string{"Tomas  Can we still make the 14th?", "Priya  Great news!", "Tomas  Would the 18th be safe?", "Tomas  Deal 🎉", "question     Can we still make the 14th?", "contract today.  → Tomas  due 20", "follow_up    Let's call on Thursday", "Bearer tw_", "enqueue"} {
		found := strings.Index(text[at:], line)
		if found < 0 {
			t.Errorf("%q is missing where it should be in:\n%s\n%s", line, text, log.String())
		}
		at += max(found, 0)
	}

	state, err := tryout.ReadState(dir)
	if err != nil || state.PID != os.Getpid() || !strings.Contains(text, state.API) {
		t.Errorf("the state file says %v, %v; want what was printed", state, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("run = %v after it was cancelled, want nil", err)
	}
	if _, err := tryout.ReadState(dir); !errors.Is(err, tryout.ErrNoWorker) {
		t.Errorf("the state file was left behind: %v", err)
	}
}

func TestRunVersion(t *testing.T) {
	t.Parallel()

	var out, log logBuffer
	if err := run(t.Context(), []string{"--version"}, []string{"TURNWISE_SHARDS=none"}, &out, &log); err != nil {
		t.Error(err)
	}
	if got := out.String(); len(strings.Fields(got)) != 1 || !strings.HasSuffix(got, "\n") {
		t.Errorf("--version prints %q, want a word", got)
	}
}

func TestRunHelp(t *testing.T) {
	t.Parallel()

	var out, log logBuffer
	if err := run(t.Context(), []string{"--help"}, nil, &out, &log); !errors.Is(err, pflag.ErrHelp) {
		t.Errorf("run = %v, want %v", err, pflag.ErrHelp)
	}
	if got := out.String(); !strings.Contains(got, "TURNWISE_REDIS_URL") || !strings.Contains(got, "--demo") {
		t.Errorf("--help prints %q", got)
	}
}

func TestRunTellsAllMistakes(t *testing.T) {
	t.Parallel()

	var out, log logBuffer
	err := run(t.Context(), []string{"--lease=soon", "--wrong"}, []string{"TURNWISE_SHARDS=-1", "TURNWISE_LISTEN=0.0.0.0:80"}, &out, &log)
	if err == nil {
		t.Fatal("run took wrong settings")
	}
	for _, part := range []string{"lease", "--wrong", "TURNWISE_SHARDS", "0.0.0.0:80"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not speak of %s: %v", part, err)
		}
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()

	var config net.ListenConfig
	taken, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // nobody came
	for _, name := range []string{"LISTEN", "OPS_LISTEN"} {
		w := launchWorker(t, t.TempDir(), []string{"EMBEDDED=memory", name + "=" + taken.Addr().String()})
		if code := w.exit(waitLimit); code != 1 {
			t.Errorf("exit code %d, want 1", code)
		}
		if got := w.log.String(); !strings.Contains(got, "set TURNWISE_"+name+" to another address") {
			t.Errorf("the worker says %q, want the setting to change", got)
		}
	}
}

func TestEvictionIsRefused(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t, "--maxmemory-policy", "allkeys-lru")
	w := launchWorker(t, t.TempDir(), []string{"REDIS_URL=" + server.URL()})
	if code := w.exit(waitLimit); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	want := "worker: Redis at " + server.Addr + " has maxmemory-policy allkeys-lru, so it may drop jobs when its memory is full; " +
		"run CONFIG SET maxmemory-policy noeviction and put it into redis.conf, or accept the loss with TURNWISE_ALLOW_EVICTION=true\n"
	if got := w.log.String(); !strings.HasSuffix(got, want) {
		t.Errorf("the worker says %q, want %q", got, want)
	}
	c := newClient(startWorker(t, "REDIS_URL="+server.URL(), "ALLOW_EVICTION=true"))
	c.finish(c.append("", "All the same.", "").JobID)
}

func TestShardsAreFixed(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	startWorker(t, "REDIS_URL="+server.URL())
	w := launchWorker(t, t.TempDir(), []string{"REDIS_URL=" + server.URL(), "SHARDS=8"})
	if code := w.exit(waitLimit); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if got := w.log.String(); !strings.Contains(got, "spread over 4 shards, but TURNWISE_SHARDS is 8") {
		t.Errorf("the worker says %q, want both numbers", got)
	}
}

func TestHealthcheck(t *testing.T) {
	t.Parallel()

	w := startWorker(t, "EMBEDDED=memory")
	ops := "OPS_LISTEN=" + strings.TrimPrefix(w.ops, "http://")
	if code := launchWorker(t, t.TempDir(), []string{ops}, "--healthcheck").exit(waitLimit); code != 0 {
		t.Errorf("exit code %d beside a worker, want 0", code)
	}
	w.kill()
	if code := launchWorker(t, t.TempDir(), []string{ops}, "--healthcheck").exit(waitLimit); code != 1 {
		t.Errorf("exit code %d without a worker, want 1", code)
	}
}

// Without the role api a worker is not to be found at the address.
func TestRoles(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	hooks := newReceiver(t, healthy)
	c := newClient(startWorker(t, "REDIS_URL="+server.URL(), "ROLES=api"))
	job := c.append("", "Step by step.", hooks.url)
	worker := startWorker(t, "REDIS_URL="+server.URL(), "ROLES=worker")
	c.finish(job.JobID)
	if worker.api != "" {
		t.Errorf("a worker without the role has an API at %s", worker.api)
	}
	if n := len(hooks.all()); n != 0 {
		t.Errorf("%d webhooks were sent without a dispatcher", n)
	}
	startWorker(t, "REDIS_URL="+server.URL(), "ROLES=dispatcher")
	hooks.checkLives(t, jobs.Completed, job)
	if code := worker.opsStatus("/readyz"); code != http.StatusOK {
		t.Errorf("/readyz answers %d, want 200", code)
	}
}

// What is changed in Redis while a worker runs is told as it is at the start:
// one warning for each change, and a metric.
func TestChangesOfRedisAreTold(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t, "--appendonly", "yes", "--appendfsync", "always")
	w := startWorker(t, "REDIS_URL="+server.URL())
	admin := server.Client()
	changes := []struct{ name, value, metric, says string }{
		{"maxmemory-policy", "allkeys-lru", "turnwise_redis_may_evict", "has maxmemory-policy allkeys-lru, so it may drop jobs"},
		{"appendonly", "no", `turnwise_redis_durability{mode="memory"}`, "keeps nothing on disk"},
	}
	for _, c := range changes {
		if got := w.metric(c.metric); got != 0 {
			t.Errorf("%s is %v before the change, want 0", c.metric, got)
		}
		if err := admin.ConfigSet(t.Context(), c.name, c.value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range changes {
		await(t, c.name+" is noticed", func() bool { return w.metric(c.metric) == 1 })
	}
	if err := admin.ConfigSet(t.Context(), "maxmemory-policy", "noeviction").Err(); err != nil {
		t.Fatal(err)
	}
	await(t, "its end is noticed", func() bool { return w.metric("turnwise_redis_may_evict") == 0 })
	for _, c := range changes {
		if n := strings.Count(w.log.String(), c.says); n != 1 {
			t.Errorf("the log has %d warnings with %q, want 1", n, c.says)
		}
	}
}
