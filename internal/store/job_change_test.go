package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
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

// A job that has failed is sent again as it was: with all that its caller had chosen.
func TestPayloadIsWhatWasSent(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
		threshold := 0.8
		sent := jobs.Append{
			Account: account, ConversationID: talk, WebhookURL: hook, WebhookEvents: []jobs.Status{jobs.Completed, jobs.Failed},
			Options: analysis.Options{
				ConfidenceThreshold: &threshold, DetectPhrases: true, DetectEntities: true, LanguageCode: "en-US",
				Entities: []analysis.CustomEntity{{CustomType: "Product", Text: "Beetle", Value: "Car"}},
				Trackers: []analysis.Tracker{{Name: "Price", Vocabulary: []string{"how much"}}},
			},
			Utterances: []analysis.Utterance{
				{From: conversation.Speaker{Name: "Ann", UserID: "ann@example.com"}, Text: "How much?", Start: at, End: at.Add(time.Second)},
				{Text: "Ten."},
			},
		}
		job := jobs.Job{
			ID: jobs.NewID(shard), Account: account, ConversationID: talk, WebhookURL: hook, WebhookEvents: sent.WebhookEvents,
			Options: sent.Options, Utterances: sent.Utterances,
		}
		if _, _, err := f.Accept(t.Context(), job, jobs.Terms{Create: true}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := f.Fail(t.Context(), f.claim(1), jobs.Failure{JobID: job.ID, Reason: "no", Final: true}, 0); err != nil {
			t.Fatal(err)
		}
		again, err := f.Payload(t.Context(), account, job.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sent, again); diff != "" {
			t.Errorf("what is sent again differs (-sent +again):\n%s", diff)
		}
	})
}

// A lane is held with its head instead of failing it. What comes stands behind, and it
// goes on when somebody says so: with the head anew, or without it.
func TestHeldLane(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		one, two := f.accept("one", true).ID, f.accept("two", false).ID
		hold := func(id string) {
			t.Helper()
			c := f.claim(4)
			if c == nil || c.Jobs[0].ID != id || c.Attempt != 1 {
				t.Fatalf("claimed %+v, want job %s anew", c, id)
			}
			if next, _, err := f.Fail(t.Context(), c, jobs.Failure{JobID: id, Reason: "no luck", Final: true, Hold: true}, 4); err != nil || next != nil {
				t.Fatalf("Fail = %v, %v", next, err)
			}
		}
		hold(one)
		f.accept("three", false)
		for n := range shards {
			if due := f.rdb.ZRange(t.Context(), fmt.Sprintf("tw:{%d}:ready:append:%s", n, account), 0, -1).Val(); len(due) > 0 {
				t.Errorf("%v is due, though it waits for somebody", due)
			}
		}
		if c := f.claim(4); c != nil {
			t.Fatalf("a lane that is held is claimed: %+v", c)
		}
		page, err := f.Lanes(t.Context(), []string{account}, lane.Query{Kind: lane.Append, Limit: 5})
		if err != nil || len(page.Lanes) != 1 {
			t.Fatalf("Lanes = %+v, %v", page, err)
		}
		if v := page.Lanes[0]; v.ID != talk || v.State != lane.StateHeld || v.Reason != "no luck" || v.Waiting != 3 || v.Head != one || v.Since.IsZero() || !v.NextAt.IsZero() {
			t.Errorf("the lane is %+v", v)
		}
		equal(t, "status", f.status(one), "in_progress")
		steer := func(what lane.Action, want error) {
			t.Helper()
			if _, _, err := f.SteerLane(t.Context(), account, talk, what); !errors.Is(err, want) {
				t.Fatalf("%s = %v, want %v", what, err, want)
			}
		}
		steer(lane.Resume, nil)
		if v, err := f.Lane(t.Context(), account, talk); err != nil || v.State != lane.StateWaiting || v.Reason != "" || v.Attempts != 0 {
			t.Errorf("after it was resumed the lane is %+v, %v; want that it waits like any other", v, err)
		}
		if left := f.keys("tw:{*}:trouble:*"); len(left) > 0 {
			t.Errorf("%v is left while the lane is in no trouble", left)
		}
		hold(one)
		steer(lane.Skip, nil)
		if job, err := f.Job(t.Context(), account, one); err != nil || job.Status != jobs.Failed || job.Message != "no luck" {
			t.Errorf("the job that was given up is %s, %q, %v; want failed for the reason of its last attempt", job.Status, job.Message, err)
		}
		steer(lane.Skip, lane.ErrUntroubled)
		c := f.claim(4)
		if c.Jobs[0].ID != two {
			t.Fatalf("claimed %+v, want the next job", c)
		}
		steer(lane.Retry, lane.ErrBusy)
		f.commit(c, 2, store.Next{})
		equal(t, "messages", f.texts(), []string{"two", "three"})
		if left := f.keys("tw:{*}:trouble:*"); len(left) > 0 {
			t.Errorf("%v is left", left)
		}
		own := slices.DeleteFunc(f.events(), func(e string) bool { return !strings.HasPrefix(e, one) }) // jobs of one moment come in any order
		equal(t, "the events of the job that was given up", own, []string{one + " 1 scheduled", one + " 2 in_progress", one + " 3 failed"})
	})
}

// A lane whose head waits for another attempt is attempted at once, or goes on without
// it; and one that is deleted is in no trouble any more.
func TestFailingLane(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		one := f.accept("one", true).ID
		f.accept("two", false)
		for range 2 {
			c := f.claim(1)
			if c == nil || c.Jobs[0].ID != one {
				t.Fatalf("claimed %+v, want the first job", c)
			}
			if _, _, err := f.Fail(t.Context(), c, jobs.Failure{JobID: one, Reason: "no luck", Delay: time.Hour}, 0); err != nil {
				t.Fatal(err)
			}
			page, err := f.Lanes(t.Context(), []string{account}, lane.Query{Kind: lane.Append, State: lane.StateFailing, Limit: 5})
			if err != nil || len(page.Lanes) != 1 || page.Lanes[0].Attempts != c.Attempt || time.Until(page.Lanes[0].NextAt) < 50*time.Minute {
				t.Fatalf("Lanes = %+v, %v", page, err)
			}
			if _, _, err := f.SteerLane(t.Context(), account, talk, lane.Resume); !errors.Is(err, lane.ErrUntroubled) {
				t.Errorf("resume = %v", err)
			}
			if _, _, err := f.SteerLane(t.Context(), account, talk, lane.Retry); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := f.SteerLane(t.Context(), "other", talk, lane.Skip); !errors.Is(err, jobs.ErrUnknownConversation) {
			t.Errorf("another account's: %v", err)
		}
		page, err := f.Lanes(t.Context(), []string{account}, lane.Query{Kind: lane.Append, State: lane.StateWaiting, Limit: 5})
		if err != nil || len(page.Lanes) != 0 {
			t.Errorf("Lanes that wait = %+v, %v", page, err)
		}
		if _, err := f.Delete(t.Context(), edit.Target{Account: account, ID: talk}); err != nil {
			t.Fatal(err)
		}
		if left := f.keys("tw:{*}:trouble:*"); len(left) > 0 {
			t.Errorf("%v is left of a conversation that was deleted", left)
		}
	})
}

// A lane is in trouble since its first attempt that failed, however many follow.
func TestTroubleBegins(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		one := f.accept("one", true).ID
		var began time.Time
		for n := range 3 {
			c := f.claim(1)
			if c == nil {
				t.Fatal("nothing is claimed")
			}
			if _, _, err := f.Fail(t.Context(), c, jobs.Failure{JobID: one, Reason: "no luck"}, 0); err != nil {
				t.Fatal(err)
			}
			v, err := f.Lane(t.Context(), account, talk)
			if err != nil || v.Attempts != n+1 || v.Since.IsZero() {
				t.Fatalf("the lane is %+v, %v", v, err)
			}
			if n == 0 {
				began = v.Since
			}
			if !v.Since.Equal(began) {
				t.Errorf("after attempt %d it is in trouble since %v, want since %v", n+1, v.Since, began)
			}
			time.Sleep(5 * time.Millisecond) // so that the next one has another time
		}
	})
}

// What is done about jobs and lanes stays within one slot of a Cluster, and the lists go
// to all of its servers.
func TestJobsOnACluster(t *testing.T) {
	t.Parallel()
	rdb, _ := redistest.Cluster(t)
	f := newFixture(t, rdb)
	one, two := f.accept("one", true).ID, f.accept(strings.Repeat("long ", 20_000), false).ID
	three := f.accept("three", false).ID
	if err := f.CancelJob(t.Context(), account, three); err != nil {
		t.Errorf("CancelJob: %v", err)
	}
	c := f.commit(f.claim(1), 1, store.Next{Stay: true, Most: 1})
	f.fail(c, jobs.Failure{JobID: two, Reason: "no luck", Final: true, Hold: true}, store.Next{})
	if page, err := f.Lanes(t.Context(), []string{account}, lane.Query{Kind: lane.Append, Limit: 5}); err != nil || len(page.Lanes) != 1 {
		t.Errorf("Lanes = %+v, %v; want the one that is held", page, err)
	}
	if _, _, err := f.SteerLane(t.Context(), account, talk, lane.Skip); err != nil {
		t.Errorf("SteerLane: %v", err)
	}
	if _, err := f.Payload(t.Context(), account, two); err != nil {
		t.Errorf("Payload: %v", err)
	}
	equal(t, "counts", f.counts(), "1 0 1 1")
	got, _ := f.listJobs(jobs.Query{Limit: 2})
	if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values([]string{one, two, three}))) {
		t.Errorf("listed %v, want all three", got)
	}
	if err := f.TrimJobs(t.Context(), []string{account}, time.Hour); err != nil {
		t.Errorf("TrimJobs: %v", err)
	}
}
