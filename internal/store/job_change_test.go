package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/store"
)

// A job that waits is cancelled where it stands: the others keep their numbers, its text
// is gone, and who finds it fails it. What is granted already is not cancelled.
func TestCancelJob(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		one, two := f.accept("one", true).ID, f.accept("two", false).ID
		three := f.accept(strings.Repeat("long ", 20_000), false).ID
		four := f.accept("four", false).ID
		c := f.claim(2)
		for id, want := range map[string]error{one: jobs.ErrBegun, two: jobs.ErrBegun, jobs.NewID(shard): jobs.ErrNotFound, three: nil} {
			if err := f.CancelJob(t.Context(), account, id); !errors.Is(err, want) {
				t.Errorf("CancelJob = %v, want %v", err, want)
			}
		}
		if err := f.CancelJob(t.Context(), "other", four); !errors.Is(err, jobs.ErrNotFound) {
			t.Errorf("CancelJob by another account = %v", err)
		}
		if n := len(f.keys("tw:{*}:b:*")); n != 0 {
			t.Errorf("the long text is kept")
		}
		c = f.commit(c, 2, store.Next{Stay: true, Most: 2})
		if w := c.Jobs[0]; w.ID != three || !errors.Is(w.Unreadable, jobs.ErrCancelled) || w.Sequence != 3 || w.WebhookURL != hook {
			t.Fatalf("granted %+v", w)
		}
		c, _, err := f.Fail(t.Context(), c, jobs.Failure{JobID: three, Reason: "the job was cancelled", Final: true}, 2)
		if err != nil {
			t.Fatal(err)
		}
		f.commit(c, 1, store.Next{})
		equal(t, "messages", f.texts(), []string{"one", "two", "four"})
		if err := f.CancelJob(t.Context(), account, one); !errors.Is(err, jobs.ErrEnded) {
			t.Errorf("CancelJob of one that has ended = %v", err)
		}
		if _, err := f.Payload(t.Context(), account, three); !errors.Is(err, jobs.ErrNoPayload) {
			t.Errorf("Payload of one that was cancelled: %v", err)
		}
	})
}

// The text of a job that has failed is kept, long or short, until its conversation goes.
func TestPayloadOfFailedJobs(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for n, text := range []string{"short", strings.Repeat("long ", 20_000)} {
			id := f.accept(text, n == 0).ID
			if _, err := f.Payload(t.Context(), account, id); !errors.Is(err, jobs.ErrNotFailed) {
				t.Errorf("Payload before: %v", err)
			}
			if _, _, err := f.Fail(t.Context(), f.claim(1), jobs.Failure{JobID: id, Reason: "no", Final: true}, 0); err != nil {
				t.Fatal(err)
			}
			a, err := f.Payload(t.Context(), account, id)
			if err != nil || len(a.Utterances) != 1 || a.Utterances[0].Text != text || a.ConversationID != talk || a.WebhookURL != hook || a.Account != account {
				t.Errorf("Payload = %.200v, %v", a, err)
			}
			if _, err := f.Payload(t.Context(), "other", id); !errors.Is(err, jobs.ErrNotFound) {
				t.Errorf("Payload by another account: %v", err)
			}
		}
		for _, key := range append(f.keys("tw:{*}:k:*"), f.keys("tw:{*}:b:*")...) {
			if f.rdb.PTTL(t.Context(), key).Val() <= 0 {
				t.Errorf("%s does not expire", key)
			}
		}
		if _, err := f.Delete(t.Context(), edit.Target{Account: account, ID: talk}); err != nil {
			t.Fatal(err)
		}
		if left := append(f.keys("tw:{*}:k:*"), f.keys("tw:{*}:b:*")...); len(left) > 0 {
			t.Errorf("left of a conversation that was deleted: %v", left)
		}
	})
}
