package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A Redis that lost its data under running workers is told of, keeps its
// number of shards, and is worked on.
func TestLossOfDataIsNoticed(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	hooks := newReceiver(t, healthy)
	both := []*workerProcess{startWorker(t, "REDIS_URL="+server.URL()), startWorker(t, "REDIS_URL="+server.URL(), "ROLES=worker")}
	for _, w := range both {
		w.awaitReady("the start")
		if _, body, _ := w.opsAnswer("/readyz"); body != "ok\n" {
			t.Errorf("/readyz says %q before anything was lost, want ok", body)
		}
	}
	if err := server.Client().FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	for _, w := range both {
		await(t, "the loss is told", func() bool {
			status, body, _ := w.opsAnswer("/readyz")
			return status == http.StatusOK && strings.Contains(body, "The data in Redis was gone at 20")
		})
		if n := w.metric("turnwise_redis_data_losses_total"); n != 1 {
			t.Errorf("%v losses were counted, want 1", n)
		}
		if n := strings.Count(w.log.String(), "redis lost its data"); n != 1 {
			t.Errorf("the log has %d lines about the loss, want 1", n)
		}
	}
	w := launchWorker(t, t.TempDir(), []string{"REDIS_URL=" + server.URL(), "SHARDS=8"})
	if code := w.exit(waitLimit); code != 1 || !strings.Contains(w.log.String(), "spread over 4 shards, but TURNWISE_SHARDS is 8") {
		t.Errorf("a worker with another number of shards ended with %d, want it refused", code)
	}
	hooks.checkLives(t, jobs.Completed, newClient(both[0]).append("", "All the same.", hooks.url))
}

// A worker that finds the data of somebody else before it writes nothing, and
// goes on when its own data is back.
func TestForeignDataIsLeftAlone(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	w := startWorker(t, "REDIS_URL="+server.URL())
	w.awaitReady("the start")
	c, rdb := newClient(w), server.Client()
	own := rdb.Get(t.Context(), "tw:shards").Val()
	first := c.append("", "One.", "")
	c.finish(first.JobID)

	if err := rdb.Set(t.Context(), "tw:shards", "8 SOMEBODYELSE 0 4", 0).Err(); err != nil {
		t.Fatal(err)
	}
	w.awaitNotReady("somebody else's data", "not that which this process was started on")
	if n := w.metric("turnwise_redis_foreign_data"); n != 1 {
		t.Errorf("turnwise_redis_foreign_data is %v, want 1", n)
	}
	before := changes(t, server)
	for range 20 {
		a, err := c.send(t.Context(), http.MethodPut, "/v1/process/text/"+first.ConversationID, `{"messages":[{"payload":{"content":"Two."}}]}`)
		if err != nil || a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			t.Fatalf("an append is answered %d, %v; want 503 and when to come back", a.status, err)
		}
	}
	w.awaitNotReady("a while later", "not that which this process was started on")
	if after := changes(t, server); after != before {
		t.Errorf("the data was changed: %s, and before %s", after, before)
	}

	if err := rdb.Set(t.Context(), "tw:shards", own, 0).Err(); err != nil {
		t.Fatal(err)
	}
	w.awaitReady("its data is back")
	c.finish(c.append(first.ConversationID, "Two.", "").JobID)
}

// changes returns how many changes Redis counted.
func changes(t *testing.T, server *redistest.Process) string {
	t.Helper()
	for line := range strings.Lines(server.Client().Info(t.Context(), "persistence").Val()) {
		if n, found := strings.CutPrefix(line, "rdb_changes_since_last_save:"); found {
			return strings.TrimSpace(n)
		}
	}
	t.Fatal("Redis does not tell how much was changed")
	return ""
}
