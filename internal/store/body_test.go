package store_test

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// acceptLong accepts jobs, every second one with a text that is kept outside of its
// lane, and returns the texts.
func (f *fixture) acceptLong(n int) (texts []string, all []jobs.Job) {
	f.t.Helper()
	for i := range n {
		text := "short"
		if i%2 == 1 {
			text = strings.Repeat("a long text\n@12\n", 10_000+i)
		}
		texts, all = append(texts, text), append(all, f.accept(text, i == 0))
	}
	if got := len(f.keys("tw:{*}:b:*")); got != n/2 {
		f.t.Errorf("%d texts have a key of their own, want %d", got, n/2)
	}
	for _, key := range f.keys("tw:{*}:b:*") {
		if left := f.left(key); left > 0 {
			f.t.Errorf("%s of an accepted job expires in %v", key, left)
		}
	}
	return texts, all
}

func (f *fixture) wantNoBodies(after string) {
	f.t.Helper()
	if left := f.keys("tw:{*}:b:*"); len(left) > 0 {
		f.t.Errorf("after %s there are %v", after, left)
	}
}

// A long text is granted, stored and forgotten like a short one.
func TestLongTextsAreWorked(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		texts, _ := f.acceptLong(6)
		for len(f.texts()) < len(texts) {
			c := f.claim(4)
			f.commit(c, len(c.Jobs), store.Next{})
		}
		equal(t, "texts", f.texts(), texts)
		f.wantNoBodies("all were committed")
	})
}

// One that is accepted by who can work it at once is granted in full.
func TestLongTextIsGrantedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("first", true)
		f.commit(f.claim(1), 1, store.Next{})
		job.ID, job.Utterances[0].Text = jobs.NewID(shard), strings.Repeat("long ", 50_000)
		job.Options.LanguageCode = "en-GB"
		c, _, err := f.Accept(t.Context(), job, jobs.Terms{Claim: true})
		if err != nil || c == nil {
			t.Fatalf("Accept = %+v, %v; want a claim", c, err)
		}
		got := c.Jobs[0]
		equal(t, "text", got.Utterances[0].Text, job.Utterances[0].Text)
		equal(t, "options", got.Options, job.Options)
		equal(t, "webhook", got.WebhookURL, hook)
		equal(t, "known speakers", len(got.Members), 2)
	})
}

// A long text whose job was not accepted does not stay.
func TestLongTextOfNoJob(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("first", true)
		job.ID, job.Utterances[0].Text = jobs.NewID(shard), strings.Repeat("long ", 50_000)
		if _, _, err := f.Accept(t.Context(), job, jobs.Terms{MaxPending: 1}); err == nil {
			t.Fatal("a job too many is accepted")
		}
		for _, key := range f.keys("tw:{*}:b:*") {
			if left := f.left(key); left <= 0 {
				t.Errorf("%s does not expire", key)
			}
		}
	})
}

// A long text of a job that fails is kept for a while, and goes with its conversation.
func TestLongTextsOfFailedJobs(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		_, all := f.acceptLong(6)
		f.commit(f.claim(1), 1, store.Next{})
		f.fail(f.claim(1), jobs.Failure{JobID: all[1].ID, Reason: "no", Final: true}, store.Next{})
		if got := len(f.keys("tw:{*}:b:*")); got != 3 {
			t.Errorf("%d long texts are left, want 3", got)
		}
		if _, err := f.Delete(t.Context(), editTarget); err != nil {
			t.Fatal(err)
		}
		f.wantNoBodies("the conversation was deleted")
	})
}

// A job whose long text somebody deleted can be failed, and says why.
func TestLongTextIsGone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, redistest.New(t))
	f.acceptLong(2)
	f.rdb.Del(t.Context(), f.keys("tw:{*}:b:*")...)
	f.commit(f.claim(1), 1, store.Next{})
	c := f.claim(1)
	if err := c.Jobs[0].Unreadable; err == nil || !strings.Contains(err.Error(), "the text of job "+c.Jobs[0].ID+" is no longer stored") {
		t.Errorf("the job is unreadable for %v", err)
	}
}
