package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// crowdOf accepts a job in each of so many conversations of an account.
func (f *fixture) crowdOf(owner string, conversations int) {
	f.t.Helper()
	for n := range conversations {
		job := jobs.Job{
			ID: jobs.NewID(shard), Account: owner, ConversationID: fmt.Sprintf("%s-%03d", owner, n), WebhookURL: hook,
			Utterances: []analysis.Utterance{{Text: "Hi."}},
		}
		if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: true}); err != nil {
			f.t.Fatal(err)
		}
	}
}

// owners returns whose lanes are claimed.
func owners(claims []*jobs.Claim) []string {
	var all []string
	for _, c := range claims {
		all = append(all, c.Account)
	}
	slices.Sort(all)
	return all
}

// An account with a single lane that became due last is in the next claim,
// however many lanes another one has, and no part of a claim is left unused.
func TestAccountsShareAClaim(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.crowdOf("many", 20)
		f.crowdOf("one", 1)
		equal(t, "first claim", owners(f.claimLanes(jobs.Want{Lanes: 4, Jobs: 32})), []string{"many", "many", "one"})
		equal(t, "second claim", owners(f.claimLanes(jobs.Want{Lanes: 4, Jobs: 32})), []string{"many", "many", "many", "many"})
	})
}

// Accounts take turns, claim by claim, and commits that claim as well.
func TestAccountsTakeTurns(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.crowdOf("a", 12)
		f.crowdOf("b", 4)
		f.crowdOf("c", 1)
		var turns []string
		c := f.claim(1)
		for c != nil {
			turns = append(turns, c.Account)
			if len(turns)%2 == 0 {
				f.commit(c, 1, store.Next{})
				c = f.claim(1)
				continue
			}
			c = f.commit(c, 1, store.Next{Move: true, Most: 1})
		}
		equal(t, "lanes claimed", len(turns), 17)
		for n, owner := range turns[:3] {
			if slices.Contains(turns[:n], owner) {
				t.Errorf("turns %v, want each account once among the first three", turns)
			}
		}
		for n := 4; n < 9; n++ { // as long as both have lanes
			if turns[n] == turns[n-1] {
				t.Errorf("turns %v, want a and b to take turns", turns)
			}
		}
	})
}

// Deliver lanes take turns as well, and each account has an equal part of what
// is granted together.
func TestAccountsTakeTurnsWithEvents(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.crowdOf("many", 20)
		f.crowdOf("one", 1)
		answers := f.together(store.EventStep{}, store.EventStep{}, store.EventStep{}, store.EventStep{})
		var granted []string
		for _, a := range answers {
			granted = append(granted, a.Claim.Account)
		}
		slices.Sort(granted)
		equal(t, "granted together", granted, []string{"many", "many", "many", "one"})
		f.crowdOf("two", 1)
		claimed := []string{f.claimEvent().Account, f.claimEvent().Account}
		slices.Sort(claimed)
		equal(t, "claimed one by one", claimed, []string{"many", "two"})
	})
}

// A lane whose lease ran out is claimed though others have work all the time.
func TestLapsedLaneIsNotStarved(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.crowdOf("lapsed", 1)
		f.claim(1)
		f.crowdOf("busy", 20)
		f.due(shard, lane.Append, "lapsed:lapsed-000")
		claimed := []string{f.claim(1).Account, f.claim(1).Account}
		if !slices.Contains(claimed, "lapsed") {
			t.Errorf("claimed %v, want the lane whose lease ran out among the first two", claimed)
		}
	})
}

// What is damaged of one account holds up no other.
func TestDamagedLanesOfAnAccount(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.crowdOf("damaged", 1)
		f.crowdOf("sound", 1)
		for _, kind := range []lane.Kind{lane.Append, lane.Deliver} {
			index := fmt.Sprintf("tw:{%d}:ready:%s:damaged", shard, kind)
			f.rdb.Del(t.Context(), index)
			f.rdb.Set(t.Context(), index, "x", 0)
		}
		equal(t, "claim", owners(f.claimLanes(jobs.Want{Lanes: 4, Jobs: 32})), []string{"sound"})
		equal(t, "event", f.claimEvent().Account, "sound")
		if c := f.claimEvent(); c != nil {
			t.Errorf("ClaimEvent = %+v, want nothing", c)
		}
	})
}

// An account that weighs more has as much more of what is claimed, over some claims,
// whatever its name and whoever came first, and one that weighs nothing special is in
// every second claim at least. Of equals none has more than another.
func TestAccountsHaveTheirWeight(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		crowds  []string // in the order in which they come
		weights map[string]int
		size    int // lanes of a claim
		claims  int
		want    map[string]int
	}{
		{"the heavy one is first by name", []string{"heavy", "light"}, map[string]int{"heavy": 3}, 8, 4, map[string]int{"heavy": 24, "light": 8}},
		{"the light one is first by name", []string{"heavy", "a-light"}, map[string]int{"heavy": 3}, 8, 4, map[string]int{"heavy": 24, "a-light": 8}},
		{"the light one comes first", []string{"a-light", "heavy"}, map[string]int{"heavy": 3}, 8, 4, map[string]int{"heavy": 24, "a-light": 8}},
		{"a claim is smaller than the weights", []string{"a-light", "heavy"}, map[string]int{"heavy": 3}, 2, 12, map[string]int{"heavy": 18, "a-light": 6}},
		{"a weight goes beyond two claims", []string{"a-light", "heavy"}, map[string]int{"heavy": 100}, 4, 8, map[string]int{"heavy": 28, "a-light": 4}},
		{"three equals share two lanes", []string{"a", "b", "c"}, nil, 2, 30, map[string]int{"a": 20, "b": 20, "c": 20}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				for _, owner := range tt.crowds {
					f.crowdOf(owner, 40)
				}
				had := map[string]int{}
				for range tt.claims {
					for _, owner := range owners(f.claimLanes(jobs.Want{Lanes: tt.size, Jobs: 32, Weights: tt.weights})) {
						had[owner]++
					}
				}
				for owner, want := range tt.want { // one lane more or less: turns of the last microsecond of a millisecond are one
					if had[owner] < want-1 || had[owner] > want+1 {
						t.Errorf("lanes of each %v, want about %v", had, tt.want)
					}
				}
			})
		})
	}
}

// An account whose texts fill a claim has had its turn with it, as one whose jobs do: the
// next claim is another one's.
func TestTextsThatFillAClaimAreATurn(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for n := range 6 {
			job := jobs.Job{
				ID: jobs.NewID(shard), Account: "long", ConversationID: fmt.Sprintf("long-%d", n),
				Utterances: []analysis.Utterance{{Text: strings.Repeat("long ", 60_000)}},
			}
			if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: true}); err != nil {
				t.Fatal(err)
			}
		}
		f.crowdOf("short", 3)
		var turns []string
		for range 3 {
			turns = append(turns, owners(f.claimLanes(jobs.Want{Lanes: 8, Jobs: 32}))...)
		}
		if !slices.Contains(turns[:min(len(turns), 4)], "short") {
			t.Errorf("claimed %v, want a lane of the account with short texts in the second claim", turns)
		}
		f.crowdOf("busy", 6)
		f.crowdOf("other", 2)
		turns = nil
		for range 2 {
			turns = append(turns, owners(f.claimLanes(jobs.Want{Lanes: 8, Jobs: 1}))...)
		}
		if len(turns) != 2 || turns[0] == turns[1] {
			t.Errorf("claimed %v one job at a time, want two accounts", turns)
		}
	})
}

// Of webhooks that wait, accounts have as many begun as they weigh, however many are
// granted in a step.
func TestAccountsHaveTheirWeightOfEvents(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		weights map[string]int
		steps   int
		size    int // lanes granted in a step
		want    map[string]int
	}{
		{"without weights", nil, 24, 1, map[string]int{"a": 8, "b": 8, "c": 8}},
		{"one by one", map[string]int{"a": 3}, 25, 1, map[string]int{"a": 15, "b": 5, "c": 5}},
		{"one by one, two weigh more", map[string]int{"a": 3, "b": 2}, 24, 1, map[string]int{"a": 12, "b": 8, "c": 4}},
		{"two in a step", map[string]int{"a": 3}, 15, 2, map[string]int{"a": 18, "b": 6, "c": 6}},
		{"four in a step", map[string]int{"a": 3}, 5, 4, map[string]int{"a": 12, "b": 4, "c": 4}},
		{"sixteen in a step", map[string]int{"a": 6, "c": 1}, 2, 16, map[string]int{"a": 24, "b": 4, "c": 4}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
				f := newFixtureWith(t, rdb, store.EndpointOptions{InFlight: 64, Wary: 64, Weights: tt.weights})
				for _, owner := range []string{"a", "b", "c"} {
					f.crowdOf(owner, 30)
				}
				had := map[string]int{}
				for range tt.steps {
					for _, a := range f.together(make([]store.EventStep, tt.size)...) {
						if a.Claim == nil {
							t.Fatalf("answered %q, want a grant", a.Word)
						}
						had[a.Claim.Account]++
					}
				}
				equal(t, "lanes of each", had, tt.want)
			})
		})
	}
}

// The turn of an account that weighs more goes on in the next step for a minute at most,
// and ends when nothing of it waits.
func TestTurnOfAnAccountThatWeighsMore(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		f := newFixtureWith(t, rdb, store.EndpointOptions{InFlight: 64, Wary: 64, Weights: map[string]int{"heavy": 3}})
		f.crowdOf("heavy", 5)
		f.crowdOf("light", 4)
		turn := fmt.Sprintf("tw:{%d}:turn:deliver", shard)
		var granted []string
		for n := range 9 {
			granted = append(granted, f.claimEvent().Account)
			kept := n == 0 || n == 1 || n == 4
			if left := f.rdb.PTTL(t.Context(), turn).Val(); kept != (left > 0 && left <= time.Minute) || !kept && left != -2 {
				t.Errorf("after %v the turn is kept for %v, want it %t", granted, left, kept)
			}
		}
		equal(t, "turns", granted, []string{"heavy", "heavy", "heavy", "light", "heavy", "heavy", "light", "light", "light"})
	})
}
