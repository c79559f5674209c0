package jobs_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// newLog returns a log, and what reads the lines that it has since, but for
// those for debugging.
func newLog(t *testing.T) (log *slog.Logger, read func() []map[string]any) {
	t.Helper()
	var out bytes.Buffer
	return slog.New(slog.NewJSONHandler(&out, nil)), func() (lines []map[string]any) {
		for d := json.NewDecoder(&out); d.More(); {
			var line map[string]any
			if err := d.Decode(&line); err != nil {
				t.Fatal(err)
			}
			delete(line, "time")
			lines = append(lines, line)
		}
		return lines
	}
}

// Each attempt that failed has a line, which says whose job it was, why, and
// what becomes of it.
func TestLogOfFailedAttempts(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		log, read := newLog(t)
		id := w.submit("", "Bad.").JobID
		w.work(w.runner(failing(errBusy, "Bad."), jobs.RunnerOptions{
			MaxAttempts: 2, Backoff: lane.Backoff{Initial: time.Second, Max: time.Second}, Log: log,
		}))
		line := func(attempt int, final bool, next time.Duration) map[string]any {
			return map[string]any{
				"level": "WARN", "msg": "job attempt failed", "account": account, "job": id, "shard": 0.,
				"attempt": float64(attempt), "final": final, "held": false, "next_in": float64(next), "err": errBusy.Error(),
			}
		}
		want := []map[string]any{line(1, false, time.Second), line(2, true, 0)}
		if diff := cmp.Diff(want, read(), cmpopts.EquateApprox(0.26, 0)); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}

// What the store has lost or spoilt is an error in the log, which names the
// job and the lane.
func TestLogOfWhatTheStoreSpoilt(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		log, read := newLog(t)
		id, ids := w.talk(2)
		gone := w.submit("", "Gone.")
		w.spoil(id, 1, ids[1]+" 946684800000 \n{")
		w.spoil(gone.ConversationID, 0, gone.JobID)
		w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{Log: log}))
		found := map[any]map[string]any{}
		for _, line := range read() {
			found[line["msg"]] = line
			if line["err"] == nil || line["err"] == "" {
				t.Errorf("line %v says not what was wrong", line)
			}
			delete(line, "err")
		}
		equal(t, "lines", found, map[any]map[string]any{
			"job unreadable":     {"level": "ERROR", "msg": "job unreadable", "job": ids[1]},
			"job attempt failed": {"level": "WARN", "msg": "job attempt failed", "account": account, "job": ids[1], "shard": 0., "attempt": 1., "final": true, "held": false, "next_in": 0.},
			"lane mended":        {"level": "ERROR", "msg": "lane mended", "lane": account + ":" + gone.ConversationID, "shard": 0., "failed_job": gone.JobID},
		})
		equal(t, "messages", w.texts(id), texts(1, 1))
	})
}
