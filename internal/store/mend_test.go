package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

// key returns that of a kind for the conversation, or for one of its jobs.
func key(kind, id string) string { return fmt.Sprintf("tw:{%d}:%s:%s:%s", shard, kind, account, id) }

// Keys of a lane may be gone: a Redis that evicts, a hand in redis-cli. The lane
// is mended once, and says so; others go on.
func TestLanesWithoutTheirKeys(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		one, two := f.accept("One.", true), f.accept("Two.", false)
		f.rdb.Del(t.Context(), key("j", one.ID))
		f.rdb.LSet(t.Context(), key("q", talk), 0, one.ID)
		_, _, err := f.ClaimOne(t.Context(), shard, 16)
		mended, ok := errors.AsType[*lane.MendedError](err)
		if !ok || mended.Failed != one.ID || mended.Lane != account+":"+talk {
			t.Fatalf("Claim of a lane whose head cannot be read = %v, want that the job failed", err)
		}
		job, err := f.Job(t.Context(), account, one.ID)
		if err != nil || job.Status != jobs.Failed || job.Message != "the job is no longer stored" || job.ConversationID != talk {
			t.Errorf("the job without a record is %+v, %v; want it failed, with the reason", job, err)
		}
		f.rdb.Del(t.Context(), key("j", two.ID))
		c := f.claim(16)
		equal(t, "the next job", c.Jobs[0].ID, two.ID)
		f.commit(c, 1, store.Next{})
		equal(t, "messages", f.texts(), []string{"Two."})
		if job, err = f.Job(t.Context(), account, two.ID); err != nil || job.Status != jobs.Completed || job.ConversationID != talk || job.Sequence != 2 {
			t.Errorf("the job whose record was lost is %+v, %v; want it completed", job, err)
		}

		f.accept("Three.", false)
		f.rdb.Del(t.Context(), key("q", talk))
		if _, _, err = f.ClaimOne(t.Context(), shard, 16); !errors.As(err, &mended) || mended.Failed != "" {
			t.Fatalf("Claim of a lane without its list = %v, want that it was mended", err)
		}
		if c := f.claim(16); c != nil {
			t.Errorf("Claim after that = %+v, want nothing", c)
		}
		f.accept("Four.", false)
		f.commit(f.claim(16), 1, store.Next{})
		equal(t, "messages", f.texts(), []string{"Two.", "Four."})
		conversation, _ := f.Conversation(t.Context(), account, talk)
		equal(t, "pending jobs", conversation.Pending, 0)
	})
}

// The record of the conversation itself is gone: its jobs fail.
func TestLaneWithoutItsConversation(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		f.rdb.Del(t.Context(), key("c", talk), key("l", talk))
		if c := f.claim(16); c != nil {
			t.Errorf("Claim = %+v, want nothing", c)
		}
		got, err := f.Job(t.Context(), account, job.ID)
		if err != nil || got.Status != jobs.Failed || got.Message != "the conversation is no longer stored" {
			t.Errorf("the job is %s, %q, %v; want it failed, with the reason", got.Status, got.Message, err)
		}
		equal(t, "ready index", len(f.keys("tw:{*}:ready:append")), 0)
	})
}

// A job that cannot be read is granted as such, for its worker to fail it. Those
// who ask for it are told what is known.
func TestUnreadableJob(t *testing.T) {
	t.Parallel()

	for _, body := range []string{"", "{", "\n\n\n", "{}\n{}\n[1]\n[]", "{}\n{}\n{\n[]", "{}\n{}\n[]\n[{]", "{}\n{}\n[]\n[]\n"} {
		t.Run(fmt.Sprintf("%q", body), func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				bad, good := f.accept("Bad.", true), f.accept("Good.", false)
				f.rdb.LSet(t.Context(), key("q", talk), 0, bad.ID+" 946684801000 1\n"+body)
				c := f.claim(1)
				if c == nil || c.Jobs[0].ID != bad.ID || c.Jobs[0].Unreadable == nil {
					t.Fatalf("Claim = %+v, want the job, unreadable", c)
				}
				if _, err := f.Job(t.Context(), account, bad.ID); err != nil {
					t.Errorf("Job: %v", err)
				}
				c, _, err := f.FailOne(t.Context(), c, jobs.Failure{JobID: bad.ID, Final: true}, store.Next{Stay: true, Most: 1})
				if err != nil || c == nil || c.Jobs[0].ID != good.ID || c.Jobs[0].Unreadable != nil {
					t.Errorf("Fail = %+v, %v; want the next job", c, err)
				}
			})
		})
	}
}

// A member that cannot be read is no fault of the job that wants it, however many
// speakers that has.
func TestUnreadableMember(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		f.commit(f.claim(1), 1, store.Next{})
		for field := range f.rdb.HGetAll(t.Context(), key("p", talk)).Val() {
			if strings.HasPrefix(field, "m:") {
				f.rdb.HSet(t.Context(), key("p", talk), field, "{")
			}
		}
		for _, speakers := range []int{0, 600} {
			job := jobs.Job{ID: jobs.NewID(shard), Account: account, ConversationID: talk, Utterances: []analysis.Utterance{
				{From: conversation.Speaker{Name: "Ann", UserID: "ann@example.com"}, Text: "Two."},
			}}
			for n := range speakers {
				u := analysis.Utterance{Text: "Hi.", From: conversation.Speaker{Name: fmt.Sprint("Speaker ", n)}}
				job.Utterances = append(job.Utterances, u)
			}
			if _, _, err := f.Accept(t.Context(), job, jobs.Terms{}); err != nil {
				t.Fatal(err)
			}
			c := f.claim(1)
			if !errors.Is(c.Jobs[0].Unreadable, jobs.ErrMembers) {
				t.Errorf("with %d speakers more the job is unreadable for %v, want ErrMembers", speakers, c.Jobs[0].Unreadable)
			}
			if _, _, err := f.FailOne(t.Context(), c, jobs.Failure{JobID: job.ID, Final: true}, store.Next{}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestUnreadableEvent(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		f.rdb.LSet(t.Context(), key("e", job.ID), 0, "nonsense")
		c := f.claimEvent()
		if c == nil || c.Unreadable == nil {
			t.Fatalf("ClaimEvent = %+v, want the event, unreadable", c)
		}
		f.settle(c, webhook.Settlement{Outcome: webhook.Dead}, false)
		f.commit(f.claim(1), 1, store.Next{})
		if c = f.claimEvent(); c == nil || c.Event.Status != "in_progress" {
			t.Errorf("ClaimEvent after that = %+v, want the next event", c)
		}
	})
}

// A lane that no script can work, here because a key has another type, is left
// alone for a while, so that others of its shard are not held up.
func TestLaneThatCannotBeClaimedIsPutOff(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		f.rdb.Del(t.Context(), key("q", talk))
		f.rdb.Set(t.Context(), key("q", talk), "x", 0)
		if _, _, err := f.ClaimOne(t.Context(), shard, 16); err == nil || errors.Is(err, jobs.ErrUnavailable) {
			t.Fatalf("Claim = %v, want an error that names the lane", err)
		}
		if _, again, err := f.Sweep(t.Context(), lane.Append, shard); err != nil || again.Seconds() < 50 {
			t.Errorf("Sweep = again in %v, %v; want about a minute", again, err)
		}
	})
}
