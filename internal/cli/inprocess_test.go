package cli_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/store"
)

// work works all jobs on the Redis, as a worker does.
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

// TestStraightToRedis submits, appends, works and reads without the API of a
// worker.
func TestStraightToRedis(t *testing.T) {
	t.Parallel()

	url := "redis://" + miniredis.RunT(t).Addr()
	env := clitest.Environment{"TURNWISE_REDIS_URL": url, "TURNWISE_DATA_DIR": t.TempDir()}
	created := clitest.Run(t, env, "Ana: Hello there. How are you?", "text", "--name", "Call", "-o", "json")
	var first, second client.Receipt
	if err := json.Unmarshal([]byte(created.Stdout), &first); err != nil || created.Code != exit.OK {
		t.Fatalf("text = %+v, want a receipt", created)
	}
	appended := clitest.Run(t, env, "Ben: Fine.", "text", "-c", first.ConversationID, "-o", "json")
	if err := json.Unmarshal([]byte(appended.Stdout), &second); err != nil || second.ConversationID != first.ConversationID {
		t.Fatalf("text -c = %+v, want a receipt for %s", appended, first.ConversationID)
	}
	if got := clitest.Run(t, env, "", "job", second.JobID); got.Code != exit.OK || !strings.Contains(got.Stdout, "scheduled") {
		t.Errorf("job = %+v, want it scheduled", got)
	}
	work(t, url)
	if got := clitest.Run(t, env, "", "job", second.JobID, "--watch"); got.Code != exit.OK || !strings.Contains(got.Stdout, "completed") {
		t.Errorf("job --watch = %+v, want it completed", got)
	}
	stored := clitest.Run(t, env, "", "messages", first.ConversationID)
	var said []string
	for line := range strings.Lines(stored.Stdout) {
		_, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		said = append(said, text)
	}
	if got, want := strings.Join(said, "|"), "Ana: Hello there.|Ana: How are you?|Ben: Fine."; got != want {
		t.Errorf("messages: got %q, want %q", got, want)
	}
	if got := clitest.Run(t, env, "", "conversation", first.ConversationID, "--account", "other"); got.Code != exit.NotFound {
		t.Errorf("another account's conversation: got %+v, want code %d", got, exit.NotFound)
	}
}

// Whoever submits straight to Redis is told of an address that workers refuse
// unless they are told otherwise.
func TestStraightToRedisWarnsOfAddresses(t *testing.T) {
	t.Parallel()

	env := clitest.Environment{"TURNWISE_REDIS_URL": "redis://" + miniredis.RunT(t).Addr(), "TURNWISE_DATA_DIR": t.TempDir()}
	tests := []struct{ url, warning string }{
		{"http://10.1.2.3/hook", `enqueue: the webhook URL must lead to a public address; an operator can allow others with TURNWISE_WEBHOOK_ALLOW_CIDRS`},
		{"https://example.com/hook", ""},
	}
	for _, tt := range tests {
		got := clitest.Run(t, env, "Ana: Hello.", "text", "--webhook-url", tt.url)
		if got.Code != exit.OK || strings.TrimSpace(got.Stderr) != tt.warning {
			t.Errorf("%s: got %+v, want it accepted with the warning %q", tt.url, got, tt.warning)
		}
	}
	if got := clitest.Run(t, env, "Ana: Hello.", "text", "--webhook-url", "ftp://x/"); got.Code == exit.OK {
		t.Errorf("ftp: got %+v, want it refused", got)
	}
}

func TestAPIWinsOverRedisOfTheEnvironment(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	env := clitest.Environment{"TURNWISE_REDIS_URL": "redis://127.0.0.1:1", "TURNWISE_TOKEN": clitest.Token, "TURNWISE_DATA_DIR": t.TempDir()}
	if got := clitest.Run(t, env, "", "job", clitest.JobID, "--api", f.URL); got.Code != exit.OK {
		t.Errorf("with --api: got %+v, want success", got)
	}
	env["TURNWISE_API"] = f.URL
	if got := clitest.Run(t, env, "", "job", clitest.JobID); got.Code != exit.OK {
		t.Errorf("with TURNWISE_API: got %+v, want success", got)
	}
	if got := clitest.Run(t, env, "", "job", clitest.JobID, "--redis-url", "redis://127.0.0.1:1"); got.Code != exit.Unreachable {
		t.Errorf("with --redis-url: got %+v, want code %d", got, exit.Unreachable)
	}
}
