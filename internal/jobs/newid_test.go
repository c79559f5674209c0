package jobs_test

import (
	"errors"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

// TestSubmitUnderANewID begins a conversation under an id that the caller has
// chosen, which another one must not have.
func TestSubmitUnderANewID(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := request("", "One.")
		a.NewID = conversation.NewID()
		r, err := w.service.Submit(t.Context(), a)
		if err != nil || r.ConversationID != a.NewID {
			t.Fatalf("Submit = %+v, %v; want conversation %s", r, err, a.NewID)
		}
		if _, err := w.service.Submit(t.Context(), a); !errors.Is(err, jobs.ErrIDTaken) {
			t.Errorf("the second one under that id: %v, want ErrIDTaken", err)
		}
		if job := w.job(r.JobID); job.Sequence != 1 || job.ConversationID != a.NewID {
			t.Errorf("job = %+v, want the first of %s", job, a.NewID)
		}
	})
}
