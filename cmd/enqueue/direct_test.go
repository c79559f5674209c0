package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/store"
)

// work does what a worker on the Redis would, until nothing is left.
func work(t *testing.T, redisURL string) {
	t.Helper()
	rdb, err := redisconn.Open(redisURL)
	if err != nil {
		t.Fatal(err)
	}
	defer rdb.Close()
	runner := jobs.NewRunner(store.New(rdb, store.Options{}), jobs.Local{}, quiet{}, jobs.RunnerOptions{})
	for shard := range 16 {
		if _, err := runner.Drain(t.Context(), shard); err != nil {
			t.Fatal(err)
		}
	}
}

type quiet struct{}

func (quiet) Ring(context.Context, int, lane.Wake) {}

// TestStraightToRedis tells the whole story without a worker's API: create,
// append, work, read.
func TestStraightToRedis(t *testing.T) {
	t.Parallel()

	url := "redis://" + miniredis.RunT(t).Addr()
	env := environment{"TURNWISE_REDIS_URL": url, "TURNWISE_DATA_DIR": t.TempDir()}
	created := enqueue(t, env, "Ana: Hello there. How are you?", "text", "--name", "Call", "-o", "json")
	var first, second client.Receipt
	if err := json.Unmarshal([]byte(created.stdout), &first); err != nil || created.code != exitOK {
		t.Fatalf("text = %+v, want a receipt", created)
	}
	appended := enqueue(t, env, "Ben: Fine.", "text", "-c", first.ConversationID, "-o", "json")
	if err := json.Unmarshal([]byte(appended.stdout), &second); err != nil || second.ConversationID != first.ConversationID {
		t.Fatalf("text -c = %+v, want a receipt for %s", appended, first.ConversationID)
	}
	if got := enqueue(t, env, "", "job", second.JobID); got.code != exitOK || !strings.Contains(got.stdout, "scheduled") {
		t.Errorf("job = %+v, want it scheduled", got)
	}
	work(t, url)
	if got := enqueue(t, env, "", "job", second.JobID, "--watch"); got.code != exitOK || !strings.Contains(got.stdout, "completed") {
		t.Errorf("job --watch = %+v, want it completed", got)
	}
	stored := enqueue(t, env, "", "messages", first.ConversationID)
	var said []string
	for line := range strings.Lines(stored.stdout) {
		_, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		said = append(said, text)
	}
	if got, want := strings.Join(said, "|"), "Ana: Hello there.|Ana: How are you?|Ben: Fine."; got != want {
		t.Errorf("messages: got %q, want %q", got, want)
	}
	if got := enqueue(t, env, "", "conversation", first.ConversationID, "--account", "other"); got.code != exitNotFound {
		t.Errorf("another account's conversation: got %+v, want code %d", got, exitNotFound)
	}
}

func TestAPIWinsOverRedisOfTheEnvironment(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	env := environment{"TURNWISE_REDIS_URL": "redis://127.0.0.1:1", "TURNWISE_TOKEN": token, "TURNWISE_DATA_DIR": t.TempDir()}
	if got := enqueue(t, env, "", "job", jobID, "--api", f.URL); got.code != exitOK {
		t.Errorf("with --api: got %+v, want success", got)
	}
	env["TURNWISE_API"] = f.URL
	if got := enqueue(t, env, "", "job", jobID); got.code != exitOK {
		t.Errorf("with TURNWISE_API: got %+v, want success", got)
	}
	if got := enqueue(t, env, "", "job", jobID, "--redis-url", "redis://127.0.0.1:1"); got.code != exitUnreachable {
		t.Errorf("with --redis-url: got %+v, want code %d", got, exitUnreachable)
	}
}

func TestInProcessEndsWithItsContext(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.WriteHeader(http.StatusTeapot)
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := inProcess{handler}.RoundTrip(req)
	if err == nil {
		resp.Body.Close()
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("RoundTrip = %v, want the end of the context", err)
	}
}
