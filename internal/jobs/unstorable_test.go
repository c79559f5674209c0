package jobs_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
)

// A job whose findings cannot be written as JSON fails for good, once, and the
// others of its conversation take effect: with it in one commit, or without.
func TestUnstorableFindings(t *testing.T) {
	for _, batch := range []int{1, 32} {
		t.Run(fmt.Sprintf("%d a claim", batch), func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				id, ids := w.talk(4)
				var asked analysisLog
				w.work(w.runner(asked.of(analyze(func(ctx context.Context, task jobs.Task) (analysis.Result, error) {
					found, err := jobs.Local{}.Analyze(ctx, task)
					if text(task) == "Message 3." { // years have four digits in JSON
						found.Insights = append(found.Insights, analysis.Insight{ID: "1", Type: "action_item", DueBy: time.Date(11026, 1, 1, 0, 0, 0, 0, time.UTC)})
					}
					return found, err
				})), jobs.RunnerOptions{Batch: batch}))
				equal(t, "statuses", w.statuses(ids), "ccfc")
				equal(t, "messages", w.texts(id), []string{"Message 1.", "Message 2.", "Message 4."})
				equal(t, "reason", w.job(ids[2]).Message, "what the analysis found in the text cannot be stored")
				times := map[string]int{}
				for _, a := range asked.read() {
					times[a]++
				}
				equal(t, "attempts at the job", times["Message 3. 1"]+times["Message 3. 2"], 1)
			})
		})
	}
}
