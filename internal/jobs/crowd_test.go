package jobs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

// A conversation takes no more speakers than can be read and written in one step;
// what those say who are known goes on being stored.
func TestSpeakersOfAConversation(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		crowd := func(from, to int) (all []analysis.Utterance) {
			for n := from; n < to; n++ {
				all = append(all, analysis.Utterance{
					From: conversation.Speaker{Name: fmt.Sprint("Speaker ", n), UserID: fmt.Sprintf("s%d@example.com", n)}, Text: "Hi.",
				})
			}
			return all
		}
		var ids []string
		id := ""
		for n, said := range [][]analysis.Utterance{crowd(0, 1000), crowd(1000, 2000), crowd(2000, 3000), crowd(0, 1)} {
			r, err := w.service.Submit(t.Context(), jobs.Append{Account: account, ConversationID: id, Utterances: said})
			if err != nil {
				t.Fatalf("append %d: %v", n, err)
			}
			id, ids = r.ConversationID, append(ids, r.JobID)
		}
		for w.drain(w.runner(jobs.Local{}, jobs.RunnerOptions{})) {
		}
		for n, want := range []jobs.Status{jobs.Completed, jobs.Completed, jobs.Failed, jobs.Completed} {
			job, err := w.Job(t.Context(), account, ids[n])
			if err != nil || job.Status != want || (want == jobs.Failed) != strings.Contains(job.Message, "begin another conversation") {
				t.Errorf("job %d is %s (%q), %v; want %s", n+1, job.Status, job.Message, err, want)
			}
		}
		equal(t, "messages", len(w.texts(id)), 2001)
	})
}
