package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// beginMany begins that many conversations in the shard of talk, with that many jobs
// each, and returns their ids.
func (f *fixture) beginMany(conversations, each int, text string) []string {
	f.t.Helper()
	var ids []string
	for n := 0; len(ids) < conversations; n++ {
		id := fmt.Sprintf("%016d", 2_000_000_000_000_000+n)
		if lane.ShardOf(id, shards) != shard {
			continue
		}
		ids = append(ids, id)
		for range each {
			job := jobs.Job{
				ID: jobs.NewID(shard), Account: account, ConversationID: id,
				Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Ann"}, Text: text}},
			}
			if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: each > 0 && !f.has(id)}); err != nil {
				f.t.Fatalf("Accept: %v", err)
			}
		}
	}
	return ids
}

func (f *fixture) has(id string) bool {
	_, err := f.Conversation(f.t.Context(), account, id)
	return err == nil
}

func (f *fixture) claimLanes(want jobs.Want) []*jobs.Claim {
	f.t.Helper()
	claims, _, err := f.Claim(f.t.Context(), shard, want)
	if err != nil {
		f.t.Fatalf("Claim: %v", err)
	}
	return claims
}

// allDone is what was done when all jobs of the claims are.
func allDone(claims []*jobs.Claim) []jobs.Done {
	var done []jobs.Done
	for _, c := range claims {
		d := jobs.Done{Claim: c}
		for _, w := range c.Jobs {
			d.Effects = append(d.Effects, effect(w))
		}
		done = append(done, d)
	}
	return done
}

// jobsOf returns how many jobs each claim has.
func jobsOf(claims []*jobs.Claim) []int {
	counts := []int{}
	for _, c := range claims {
		counts = append(counts, len(c.Jobs))
	}
	return counts
}

// A step grants as many lanes and jobs as are wanted, no more, and no more text
// than is good: see ROOM in lib/jobs.lua.
func TestBoundsOfAClaim(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		name string
		size int // of each text
		want jobs.Want
		jobs []int
	}{
		{"lanes", 10, jobs.Want{Lanes: 2, Jobs: 100}, []int{4, 4}},
		{"jobs", 10, jobs.Want{Lanes: 5, Jobs: 6}, []int{4, 2}},
		{"jobs of one lane", 10, jobs.Want{Lanes: 5, Jobs: 3}, []int{3}},
		{"text of a lane", 100 << 10, jobs.Want{Lanes: 5, Jobs: 100}, []int{3}},
		{"text of several lanes", 50 << 10, jobs.Want{Lanes: 5, Jobs: 100}, []int{4, 2}},
		{"one large text", 300 << 10, jobs.Want{Lanes: 5, Jobs: 100}, []int{1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				f.beginMany(3, 4, strings.Repeat("x", tt.size))
				equal(t, "jobs of each lane", jobsOf(f.claimLanes(tt.want)), tt.jobs)
			})
		})
	}
}

// Each lane of a commit has its own fate.
func TestCommitOfSeveralLanes(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ids := f.beginMany(4, 2, "Hi.")
		claims := f.claimLanes(jobs.Want{Lanes: 4, Jobs: 8})
		equal(t, "jobs of each lane", jobsOf(claims), []int{2, 2, 2, 2})
		if _, err := f.Release(t.Context(), claims[1].Claim); err != nil {
			t.Fatal(err)
		}
		f.rdb.Del(t.Context(), key("m", claims[2].Key))
		f.rdb.Set(t.Context(), key("m", claims[2].Key), "damaged", 0)

		r, err := f.Commit(t.Context(), shard, allDone(claims), jobs.Want{Lanes: 4, Jobs: 8})
		if err != nil {
			t.Fatalf("Commit: %v", err)
		}
		for n, claim := range claims {
			err := r.Outcomes[n].Err
			switch n {
			case 1:
				if !errors.Is(err, lane.ErrStale) {
					t.Errorf("the lane that was released: %v, want ErrStale", err)
				}
			case 2:
				if err == nil || errors.Is(err, lane.ErrStale) || !strings.Contains(err.Error(), claim.Key) {
					t.Errorf("the lane that is damaged: %v, want an error that names it", err)
				}
			default:
				messages, _ := f.Messages(t.Context(), account, claim.Key)
				equal(t, "messages of a lane without trouble", len(messages), 2)
			}
		}
		equal(t, "lanes granted", len(r.Claims), 1) // the one that was released
		equal(t, "conversations", len(ids), 4)
		equal(t, "its jobs are untouched", jobsOf(r.Claims), []int{2})
	})
}

// A lane that goes on shares the jobs of the next claim with others.
func TestLanesThatStay(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.beginMany(3, 6, "Hi.")
		claims := f.claimLanes(jobs.Want{Lanes: 2, Jobs: 4})
		equal(t, "jobs at first", jobsOf(claims), []int{4})
		done := allDone(claims)
		done[0].Stay = true
		r, err := f.Commit(t.Context(), shard, done, jobs.Want{Lanes: 2, Jobs: 9})
		if err != nil || r.Outcomes[0].Err != nil {
			t.Fatalf("Commit = %+v, %v", r, err)
		}
		equal(t, "the lane that stays", r.Claims[0].Key, claims[0].Key)
		equal(t, "jobs then", jobsOf(r.Claims), []int{2, 6, 1})
		for _, c := range r.Claims {
			equal(t, "claim", c.ID, r.Claims[0].ID)
		}
	})
}

// A claim of several lanes whose reply got lost is found again, all of it.
func TestUnheardClaimOfSeveralLanes(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		f.beginMany(3, 2, "Hi.")
		f.LoseReplies(many)
		if _, _, err := f.Claim(t.Context(), shard, jobs.Want{Lanes: 3, Jobs: 5}); !errors.Is(err, jobs.ErrUnavailable) {
			t.Fatalf("Claim without a reply: %v", err)
		}
		f.LoseReplies(0)
		time.Sleep(time.Second)
		claims := f.claimLanes(jobs.Want{Lanes: 1, Jobs: 1})
		equal(t, "jobs of the claim", jobsOf(claims), []int{2, 2, 1})
		f.LoseReplies(2)
		r, err := f.Commit(t.Context(), shard, allDone(claims), jobs.Want{Lanes: 3, Jobs: 5})
		if err != nil {
			t.Fatalf("Commit: %v", err)
		}
		for _, o := range r.Outcomes {
			equal(t, "outcome", o.Err, nil)
		}
		equal(t, "what is left", jobsOf(r.Claims), []int{1})
	})
}
