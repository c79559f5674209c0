package store_test

import (
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/store"
)

func deletionOfKeptTexts(f *fixture) func() {
	sizes := make([]int, 1000)
	for n := range sizes {
		sizes[n] = 2000
	}
	f.jobsOfSize(sizes...)
	c := f.claim(1)
	for c != nil {
		c = f.fail(c, jobs.Failure{JobID: c.Jobs[0].ID, Reason: "so", Final: true}, store.Next{Stay: true, Most: 1})
	}
	if kept := f.rdb.HLen(f.t.Context(), key("k", talk)).Val(); kept != 1000 {
		f.t.Fatalf("the texts of %d jobs are kept, want 1,000", kept)
	}
	return func() { f.deleteAll() }
}

func cancellationOfTheLast(f *fixture) func() {
	f.jobsOfSize(make([]int, 3000)...)
	last := f.accept("The last one.", false)
	return func() {
		if err := f.CancelJob(f.t.Context(), account, last.ID); err != nil {
			f.t.Error(err)
		}
	}
}

func skipOfLongBody(f *fixture) func() {
	f.jobsOfSize(longBody, 2)
	c := f.claim(1)
	f.fail(c, jobs.Failure{JobID: c.Jobs[0].ID, Reason: "so", Hold: true}, store.Next{})
	return func() {
		if _, _, err := f.SteerLane(f.t.Context(), account, talk, lane.Skip); err != nil {
			f.t.Error(err)
		}
	}
}

func pagesOfJobs(f *fixture) func() {
	seed(f.t, f.rdb, shards, 40_000)
	return func() {
		for _, q := range []jobs.Query{{}, {Status: jobs.Completed, Oldest: true}, {Message: "nothing"}, {ConversationID: talk}} {
			q.Limit = 50
			if _, err := f.Jobs(f.t.Context(), []string{account}, q); err != nil {
				f.t.Error(err)
			}
		}
		if _, err := f.CountJobs(f.t.Context(), account); err != nil {
			f.t.Error(err)
		}
	}
}
