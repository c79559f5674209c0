package embedded

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
	"github.com/redis/go-redis/v9"
)

// A command that panics is answered with an error, and those after it are
// answered too.
func TestPanicOfACommandIsAnswered(t *testing.T) {
	t.Parallel()

	m := miniredis.RunT(t)
	if err := m.Server().Register("BREAK", func(*server.Peer, string, []string) { panic("broken") }); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	m.Server().SetPreHook(recoverIn(m.Server(), slog.New(slog.NewTextHandler(&log, nil))))
	rdb := redis.NewClient(&redis.Options{Addr: m.Addr()})
	defer rdb.Close()
	for _, command := range [][]any{{"BREAK"}, {"EVAL", "return redis.call('BREAK')", "0"}} {
		if err := rdb.Do(t.Context(), command...).Err(); err == nil || !strings.Contains(err.Error(), "BREAK panicked") {
			t.Errorf("%v answered %v, want that it panicked", command, err)
		}
	}
	if got, err := rdb.Eval(t.Context(), "redis.call('SET', 'k', 'v'); return redis.call('GET', 'k')", nil).Result(); got != "v" {
		t.Errorf("a script after it returned %v, %v", got, err)
	}
	if got := log.String(); strings.Count(got, "embedded redis panicked") != 2 || !strings.Contains(got, "panic=broken") {
		t.Errorf("log: %s", got)
	}
}
