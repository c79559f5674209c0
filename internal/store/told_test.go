package store_test

import (
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

// acceptTold accepts a job that wants webhooks of some statuses.
func (f *fixture) acceptTold(create bool, told ...jobs.Status) jobs.Job {
	f.t.Helper()
	job := jobs.Job{
		ID: jobs.NewID(shard), Account: account, ConversationID: talk, WebhookURL: hook, WebhookEvents: told,
		Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Ann"}, Text: "Hi."}},
	}
	if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: create}); err != nil {
		f.t.Fatalf("Accept: %v", err)
	}
	return job
}

// Of the statuses that a job does not want webhooks of none is sent, and the others have
// the sequence that they always have: of the job at the head, which begins as it is
// granted, and of the one behind it, which begins as it is committed.
func TestEventsThatAreChosen(t *testing.T) {
	tests := []struct {
		name string
		told []jobs.Status
		fail bool
		want []string
	}{
		{"all", nil, false, []string{" 1 scheduled", " 2 in_progress", " 3 completed"}},
		{"the end", []jobs.Status{jobs.Completed}, false, []string{" 3 completed"}},
		{"the end that does not come", []jobs.Status{jobs.Failed}, false, nil},
		{"the beginning", []jobs.Status{jobs.InProgress}, false, []string{" 2 in_progress"}},
		{"the acceptance", []jobs.Status{jobs.Scheduled}, false, []string{" 1 scheduled"}},
		{"all but the beginning", []jobs.Status{jobs.Scheduled, jobs.Completed, jobs.Failed}, false, []string{" 1 scheduled", " 3 completed"}},
		{"a failure", []jobs.Status{jobs.Failed}, true, []string{" 3 failed"}},
		{"a failure that nobody wants to know of", []jobs.Status{jobs.Completed}, true, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				first, second := f.acceptTold(true, tt.told...), f.acceptTold(false, tt.told...)
				if tt.fail {
					failFinally(f, f.claim(1))
					failFinally(f, f.claim(1))
				} else {
					f.commit(f.claim(2), 2, store.Next{})
				}
				var want []string
				for _, job := range []jobs.Job{first, second} {
					for _, event := range tt.want {
						want = append(want, job.ID+event)
					}
				}
				equal(t, "events", sorted(f.events(), []string{first.ID, second.ID}), want)
				for _, job := range []jobs.Job{first, second} {
					for _, k := range f.keys("tw:{*}:[jt]:" + account + ":" + job.ID) {
						if left := f.left(k); left < 719*time.Hour || left > 720*time.Hour {
							t.Errorf("%s is kept for %v, want the retention", k, left)
						}
					}
				}
				equal(t, "keys of lanes left", len(f.keys("tw:{*}:[ed]:*")), 0)
			})
		})
	}
}

// A job whose end nobody is told of is kept until what was told before is settled.
func TestRetentionOfAJobWhoseEndIsNotTold(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.acceptTold(true, jobs.Scheduled)
		c := f.claimEvent()
		f.settle(c, webhook.Settlement{Outcome: webhook.Retry, Delay: time.Hour, Attempt: webhook.Attempt{Code: 503}}, false)
		f.commit(f.claim(1), 1, store.Next{})
		if left := f.left(key("j", job.ID)); left != -1 {
			t.Errorf("with an event to be sent the job is kept for %v, want without end", left)
		}
		f.expire(lane.Deliver)
		equal(t, "events", f.events(), []string{job.ID + " 1 scheduled"})
		for _, k := range []string{key("j", job.ID), key("t", job.ID)} {
			if left := f.left(k); left < 719*time.Hour || left > 720*time.Hour {
				t.Errorf("%s is kept for %v, want the retention", k, left)
			}
		}
	})
}

// Who wants to know of beginnings only sees none before the end of the job before it
// was told to whoever wanted that, at the same endpoint.
func TestInProgressWaitsForAChosenEnd(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		first, second := f.acceptTold(true, jobs.Completed), f.acceptTold(false, jobs.InProgress)
		f.commit(f.claim(16), 2, store.Next{})
		equal(t, "events", f.events(), []string{first.ID + " 3 completed", second.ID + " 2 in_progress"})
	})
}

// A failed job that is sent again chooses as it did before.
func TestPayloadKeepsWhatIsChosen(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.acceptTold(true, jobs.Completed, jobs.Failed)
		failFinally(f, f.claim(1))
		a, err := f.Payload(t.Context(), account, job.ID)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "chosen", a.WebhookEvents, job.WebhookEvents)
		kept, err := f.Job(t.Context(), account, job.ID)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "of the job", kept.WebhookEvents, job.WebhookEvents)
	})
}
