package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// listJobs returns the ids of all pages of a query, and of how many pages.
func (f *fixture) listJobs(q jobs.Query) (ids []string, pages int) {
	f.t.Helper()
	for pages = 1; ; pages++ {
		page, err := f.Jobs(f.t.Context(), []string{account}, q)
		if err != nil {
			f.t.Fatalf("Jobs(%+v): %v", q, err)
		}
		if len(page.Jobs) > q.Limit {
			f.t.Fatalf("Jobs(%+v) has %d jobs", q, len(page.Jobs))
		}
		for _, j := range page.Jobs {
			ids = append(ids, j.ID)
		}
		if page.Cursor == "" {
			return ids, pages
		}
		q.Cursor = page.Cursor
	}
}

func (f *fixture) counts() string {
	f.t.Helper()
	counts, err := f.CountJobs(f.t.Context(), account)
	if err != nil {
		f.t.Fatalf("CountJobs: %v", err)
	}
	var words []string
	for _, s := range jobs.Statuses() {
		words = append(words, fmt.Sprint(counts[s]))
	}
	return strings.Join(words, " ")
}

// A job is listed in the status that it has, from the step on that gives it that, and
// in no other.
func TestJobsAreListedByStatus(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ids := []string{f.accept("one", true).ID, f.accept("two", false).ID, f.accept("three", false).ID, f.accept("four", false).ID}
		want := func(step string, statuses ...[]string) {
			t.Helper()
			total := ""
			for n, s := range jobs.Statuses() {
				got, _ := f.listJobs(jobs.Query{Status: s, Limit: 2})
				if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(statuses[n]))) {
					t.Errorf("%s: %s are %v, want %v", step, s, got, statuses[n])
				}
				total += fmt.Sprint(" ", len(statuses[n]))
			}
			if got := f.counts(); " "+got != total {
				t.Errorf("%s: counted %s, want%s", step, got, total)
			}
		}
		want("accepted", ids, nil, nil, nil)
		c := f.claim(2)
		want("claimed", ids[1:], ids[:1], nil, nil)
		c = f.commit(c, 2, store.Next{Stay: true, Most: 1})
		want("committed", ids[3:], ids[2:3], ids[:2], nil)
		if _, _, err := f.Fail(t.Context(), c, jobs.Failure{JobID: ids[2], Reason: "no luck", Delay: time.Minute}, 0); err != nil {
			t.Fatal(err)
		}
		want("to be tried again", ids[3:], ids[2:3], ids[:2], nil)
		if _, err := f.Delete(t.Context(), edit.Target{Account: account, ID: talk}); err != nil {
			t.Fatal(err)
		}
		want("deleted", nil, nil, ids[:2], ids[2:])
	})
}

// seed writes jobs as they stand after a long time: one in a hundred has failed, and so
// on. It returns them in the order of the index.
func seed(t testing.TB, rdb redis.UniversalClient, shards, count int) []seeded {
	t.Helper()
	return seedOf(t, rdb, account, shards, count)
}

// seedOf writes jobs of an account.
func seedOf(t testing.TB, rdb redis.UniversalClient, owner string, shards, count int) []seeded {
	t.Helper()
	all := make([]seeded, count)
	now := time.Now().UnixMilli()
	times := make([]int64, count) // of which many are the same
	for n := range times {
		times[n] = now - int64(rand.IntN(count/3+1))
	}
	slices.Sort(times)
	for from := 0; from < count; from += 500 {
		pipe := rdb.Pipeline()
		for n := from; n < min(from+500, count); n++ {
			j := seeded{status: jobs.Completed, since: times[n], conversation: fmt.Sprint(1000000000000000 + n%50)}
			s := lane.ShardOf(j.conversation, shards)
			j.id = jobs.NewID(s)
			record := []any{"state", fmt.Sprintf("3 %s %d %d 0 0", j.conversation, n+1, j.since)}
			switch {
			case n%100 == 0:
				j.status, j.message = jobs.Failed, fmt.Sprint("The model said no ", n)
				record = []any{"state", fmt.Sprintf("4 %s %d %d 0 0", j.conversation, n+1, j.since), "message", j.message}
			case n%10 == 0:
				j.status = jobs.Scheduled
				record = []any{"state", fmt.Sprintf("1 %s %d %d", j.conversation, n+1, j.since)}
			}
			pipe.HSet(t.Context(), fmt.Sprintf("tw:{%d}:j:%s:%s", s, owner, j.id), record...)
			if all[n] = j; j.status == jobs.Completed {
				id := fmt.Sprintf("%d-%d", j.since, n+1)
				pipe.Do(t.Context(), "XADD", fmt.Sprintf("tw:{%d}:done:%s", s, owner), id, "", store.PackEntry(j.id, j.conversation))
				continue
			}
			score := fmt.Sprintf("%d%013d", 1+slices.Index(jobs.Statuses(), j.status), j.since)
			pipe.Do(t.Context(), "ZADD", fmt.Sprintf("tw:{%d}:jobs:%s", s, owner), score, j.id+" "+j.conversation)
		}
		if _, err := pipe.Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(all, func(a, b seeded) int {
		return strings.Compare(fmt.Sprintf("%013d %s", a.since, a.id), fmt.Sprintf("%013d %s", b.since, b.id))
	})
	return all
}

type seeded struct {
	id, conversation, message string
	status                    jobs.Status
	since                     int64
}

// Every page is in order, and the pages have what is selected, each once, although many
// jobs are of one moment.
func TestPagesOfJobs(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		f := newFixture(t, rdb)
		all := seed(t, rdb, shards, 1000)
		middle := time.UnixMilli(all[400].since)
		tests := []struct {
			name   string
			query  jobs.Query
			wanted func(j seeded) bool
		}{
			{"all", jobs.Query{Limit: 70}, func(seeded) bool { return true }},
			{"failed", jobs.Query{Status: jobs.Failed, Limit: 3}, func(j seeded) bool { return j.status == jobs.Failed }},
			{"in progress", jobs.Query{Status: jobs.InProgress, Limit: 3}, func(seeded) bool { return false }},
			{"of a conversation", jobs.Query{ConversationID: all[5].conversation, Limit: 7}, func(j seeded) bool { return j.conversation == all[5].conversation }},
			{"since", jobs.Query{From: middle, Limit: 200}, func(j seeded) bool { return j.since >= middle.UnixMilli() }},
			{"until", jobs.Query{To: middle, Status: jobs.Scheduled, Limit: 200}, func(j seeded) bool { return j.status == jobs.Scheduled && j.since <= middle.UnixMilli() }},
			{"with a text", jobs.Query{Message: "SAID NO 1", Limit: 4}, func(j seeded) bool { return strings.Contains(j.message, "said no 1") }},
			{"completed with a text", jobs.Query{Message: "no", Status: jobs.Completed, Limit: 4}, func(seeded) bool { return false }},
			{"of no conversation", jobs.Query{ConversationID: "../x", Limit: 4}, func(seeded) bool { return false }},
		}
		for _, tt := range tests {
			for _, oldest := range []bool{true, false} {
				var want []string
				for _, j := range all {
					if tt.wanted(j) {
						want = append(want, j.id)
					}
				}
				if tt.query.Oldest = oldest; !oldest {
					slices.Reverse(want)
				}
				got, pages := f.listJobs(tt.query)
				if !slices.Equal(got, want) {
					t.Errorf("%s, oldest %t: got %d jobs, want %d, or another order", tt.name, oldest, len(got), len(want))
				}
				if most := len(want)/tt.query.Limit + 2; pages > most {
					t.Errorf("%s: %d pages, want %d at most", tt.name, pages, most)
				}
			}
		}
		if got := f.counts(); got != "90 0 900 10" {
			t.Errorf("counted %s", got)
		}
	})
}

// What ended longer ago than jobs are kept is neither listed nor counted, and taken out
// of the index; what is unfinished stays however old it is.
func TestJobsLeaveTheIndex(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		waits := f.accept("one", true).ID
		old := time.Now().Add(-800 * time.Hour).UnixMilli()
		index, done := fmt.Sprintf("tw:{%d}:jobs:%s", shard, account), fmt.Sprintf("tw:{%d}:done:%s", shard, account)
		f.rdb.Do(t.Context(), "ZADD", index, fmt.Sprintf("1%013d", old), waits+" "+talk)
		for n := range 1300 {
			f.rdb.Do(t.Context(), "ZADD", index, fmt.Sprintf("4%013d", old+int64(n)), jobs.NewID(shard)+" "+talk)
		}
		for n := range 900 {
			f.rdb.Do(t.Context(), "XADD", done, old+int64(n), "", store.PackEntry(jobs.NewID(shard), talk))
		}
		if got, _ := f.listJobs(jobs.Query{Limit: 5}); !slices.Equal(got, []string{waits}) || f.counts() != "1 0 0 0" {
			t.Errorf("listed %v, counted %s; want what waits alone", got, f.counts())
		}
		if err := f.TrimJobs(t.Context(), []string{account, "other"}, time.Hour); err != nil {
			t.Fatal(err)
		}
		if n := f.rdb.ZCard(t.Context(), index).Val(); n != 1 {
			t.Errorf("%d entries are left, want 1", n)
		}
		if n := f.rdb.XLen(t.Context(), done).Val(); n >= 100 {
			t.Errorf("%d entries of completed jobs are left, want less than 100", n)
		}
	})
}

// A job whose record is gone before its entry is passed over, and a cursor that is none
// is refused.
func TestJobsThatAreGone(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		gone, stays := f.accept("one", true).ID, f.accept("two", false).ID
		f.rdb.Del(t.Context(), fmt.Sprintf("tw:{%d}:j:%s:%s", shard, account, gone))
		if got, _ := f.listJobs(jobs.Query{Limit: 1, Oldest: true}); !slices.Equal(got, []string{stays}) {
			t.Errorf("listed %v, want %s", got, stays)
		}
		for _, cursor := range []string{"x", "####", "LTEgYQ", "MTIz"} {
			if _, err := f.Jobs(t.Context(), []string{account}, jobs.Query{Limit: 1, Cursor: cursor}); !errors.Is(err, jobs.ErrBadCursor) {
				t.Errorf("cursor %q: %v, want %v", cursor, err, jobs.ErrBadCursor)
			}
		}
	})
}

// A list that cannot be written keeps no job from being done.
func TestIndexOfJobsDamaged(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.rdb.Set(t.Context(), fmt.Sprintf("tw:{%d}:jobs:%s", shard, account), "x", 0)
		f.rdb.Set(t.Context(), fmt.Sprintf("tw:{%d}:done:%s", shard, account), "x", 0)
		id := f.accept("one", true).ID
		f.commit(f.claim(1), 1, store.Next{})
		if got := f.status(id); got != "completed" {
			t.Errorf("the job is %s", got)
		}
	})
}

// The detail of a job says where it stands and what became of its attempts.
func TestJobDetail(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		first, second, third := f.accept("one", true).ID, f.accept("two", false).ID, f.accept("three", false).ID
		detail := func(id string) jobs.Detail {
			t.Helper()
			d, err := f.JobDetail(t.Context(), account, id)
			if err != nil {
				t.Fatalf("JobDetail(%s): %v", id, err)
			}
			return d
		}
		if d := detail(second); d.Ahead != 1 || d.Behind != 1 || d.Attempts != 0 || !d.NextAt.IsZero() {
			t.Errorf("the second job is %+v", d)
		}
		c := f.claim(1)
		if _, _, err := f.Fail(t.Context(), c, jobs.Failure{JobID: first, Reason: strings.Repeat("ä", 400), Delay: time.Hour}, 0); err != nil {
			t.Fatal(err)
		}
		d := detail(first)
		if d.Ahead != 0 || d.Behind != 2 || d.Attempts != 1 || len(d.Failures) != 1 || d.Failures[0].Reason != strings.Repeat("ä", 250) {
			t.Errorf("the first job is %+v", d)
		}
		if wait := time.Until(d.NextAt); wait < 50*time.Minute || wait > 70*time.Minute || d.Failures[0].At.IsZero() {
			t.Errorf("it is tried again at %v", d.NextAt)
		}
		if _, err := f.JobDetail(t.Context(), "other", third); !errors.Is(err, jobs.ErrNotFound) {
			t.Errorf("the job of another account: %v, want %v", err, jobs.ErrNotFound)
		}
		if _, err := f.Delete(t.Context(), edit.Target{Account: account, ID: talk}); err != nil {
			t.Fatal(err)
		}
		if d := detail(third); d.Status != jobs.Failed || d.Ahead != 0 || d.Behind != 0 {
			t.Errorf("the last job is %+v", d)
		}
	})
}
