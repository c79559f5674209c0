package jobs_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// statusesNow reads the statuses of all jobs of a conversation at one moment. Which
// job is in progress, the state of the lane says, the first key.
var statusesNow = redis.NewScript(`
local state = {}
for value in string.gmatch(redis.call("GET", KEYS[1]) .. "\31", "(%C*)\31") do
  state[#state + 1] = value
end
local statuses = {}
for n = 2, #KEYS do
  local digit = string.sub(redis.call("HGET", KEYS[n], "state"), 1, 1)
  statuses[n - 1] = ({ "scheduled", "?", "completed", "failed" })[tonumber(digit)]
  if statuses[n - 1] == "scheduled" and n - 1 == state[4] + 1 and state[5] ~= "" then
    statuses[n - 1] = "in_progress"
  end
end
return statuses`)

// Whoever looks at a conversation, whenever, sees jobs that are done, at most
// one in progress, and jobs that wait, in this order.
func TestAtMostOneJobIsSeenInProgress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const messages = 100
		id, ids := w.talk(messages)
		// Workers look after the conversation in turn, so that batches break
		// off and go on elsewhere, some jobs fail, and some for good.
		r := w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			if err := pause(ctx, time.Duration(rand.IntN(400))*time.Microsecond); err != nil { //nolint:gosec // not for secrets
				return analysis.Result{}, err
			}
			switch n := rand.IntN(30); { //nolint:gosec // likewise
			case n == 0:
				return analysis.Result{}, &jobs.PermanentError{Message: "no use"}
			case n < 3:
				return analysis.Result{}, errBusy
			}
			return jobs.Local{}.Analyze(ctx, t)
		}), jobs.RunnerOptions{Backoff: lane.Backoff{Initial: time.Millisecond, Max: 4 * time.Millisecond}})
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				for w.meter.done() < messages && t.Context().Err() == nil {
					if _, err := r.Drain(t.Context(), 0); err != nil {
						t.Errorf("Drain: %v", err)
						return
					}
				}
			})
		}
		views, working := w.watch(id, ids)
		wg.Wait()
		if working == 0 {
			t.Errorf("none of %d views saw a job in progress: they prove nothing", views)
		}
		equal(t, "messages", len(w.texts(id)), w.meter.finished[jobs.Completed])
		t.Logf("%d views, %d of them with a job in progress", views, working)
	})
}

var inOrder = regexp.MustCompile(`^[cf]*i?s*$`)

// watch looks at the jobs of a conversation until all are final. It returns how many views there
// were, and how many with a job in progress.
func (w *world) watch(conversation string, ids []string) (views, working int) {
	w.t.Helper()
	keys := []string{fmt.Sprintf("tw:{0}:l:%s:%s", account, conversation)}
	for _, id := range ids {
		keys = append(keys, fmt.Sprintf("tw:{0}:j:%s:%s", account, id))
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); views++ {
		words, err := statusesNow.Run(w.t.Context(), w.rdb, keys).StringSlice()
		if err != nil {
			w.t.Errorf("read the statuses: %v", err)
			return views, working
		}
		var b strings.Builder
		for _, s := range words {
			b.WriteByte(s[0])
		}
		view := b.String()
		if !inOrder.MatchString(view) {
			w.t.Errorf("statuses = %s, want those of jobs that are worked one by one", view)
			return views, working
		}
		if strings.Contains(view, "i") {
			working++
		}
		if !strings.ContainsAny(view, "is") {
			return views, working
		}
	}
	w.t.Error("the jobs did not end")
	return views, working
}
