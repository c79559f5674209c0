package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// Jobs and lanes of several accounts are one list, each of them on one page, whichever
// is whose; those of accounts that are not asked for are not in it.
func TestListsOfAccounts(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		owners := map[string]string{}
		for n := range 12 {
			owner := []string{"ann", "bob", "eve"}[n%3]
			conversation := fmt.Sprint(1_000_000_000_000_000 + n)
			job := jobs.Job{ID: jobs.NewID(lane.ShardOf(conversation, f.Shards())), Account: owner, ConversationID: conversation}
			if _, _, err := f.Accept(t.Context(), job, jobs.Terms{Create: true}); err != nil {
				t.Fatal(err)
			}
			if owner != "eve" {
				owners[job.ID] = owner
			}
		}
		for _, oldest := range []bool{false, true} {
			var since []int64
			got, q := map[string]string{}, jobs.Query{Limit: 3, Oldest: oldest}
			for {
				page, err := f.Jobs(t.Context(), []string{"ann", "bob"}, q)
				if err != nil {
					t.Fatal(err)
				}
				for _, j := range page.Jobs {
					if got[j.ID] != "" {
						t.Errorf("job %s is listed twice", j.ID)
					}
					got[j.ID] = j.Account
					since = append(since, j.Since.UnixMilli())
				}
				if q.Cursor = page.Cursor; q.Cursor == "" {
					break
				}
			}
			equal(t, "jobs", fmt.Sprint(got), fmt.Sprint(owners))
			if oldest && !slices.IsSorted(since) || !oldest && !slices.IsSortedFunc(since, func(a, b int64) int { return int(b - a) }) {
				t.Errorf("the jobs are since %v", since)
			}
		}
		got, q := map[string]string{}, lane.Query{Kind: lane.Append, State: lane.StateWaiting, Limit: 3}
		for {
			page, err := f.Lanes(t.Context(), []string{"ann", "bob"}, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Lanes {
				if got[v.Head] != "" {
					t.Errorf("lane %s is listed twice", v.ID)
				}
				got[v.Head] = v.Account
			}
			if q.Cursor = page.Cursor; q.Cursor == "" {
				break
			}
		}
		equal(t, "lanes", fmt.Sprint(got), fmt.Sprint(owners))
	})
}
