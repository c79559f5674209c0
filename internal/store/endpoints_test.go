package store_test

import (
	"fmt"
	"maps"
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
	"github.com/turnwise/turnwise/internal/webhook"
)

const otherHook = "https://other.example/hook"

// withEndpoints runs a test on a Store that treats endpoints so.
func withEndpoints(t *testing.T, o store.EndpointOptions, test func(t *testing.T, f *fixture)) {
	t.Helper()
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) { test(t, newFixtureWith(t, rdb, o)) })
	t.Run("twice", func(t *testing.T) {
		t.Parallel()
		f := newFixtureWith(t, redistest.New(t), o)
		f.Twice(t)
		test(t, f)
	})
}

// acceptFor accepts so many jobs of an account, each in a conversation of its own,
// whose events go to url.
func (f *fixture) acceptFor(owner, url string, n int) {
	f.t.Helper()
	for range n {
		id := jobs.NewID(shard)
		job := jobs.Job{
			ID: id, Account: owner, ConversationID: id, WebhookURL: url, Utterances: []analysis.Utterance{{Text: "Hi."}},
		}
		if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: true}); err != nil {
			f.t.Fatal(err)
		}
	}
}

// ended is what became of an attempt that told that about its endpoint.
func ended(h webhook.Health) []webhook.Settlement {
	outcome := webhook.Delivered
	if h == webhook.Failed || h == webhook.Hung {
		outcome = webhook.Retry
	}
	all := run(outcome)
	all[0].Health = h
	return all
}

// claimAll claims events until there is none.
func (f *fixture) claimAll() []*webhook.Claim {
	f.t.Helper()
	var all []*webhook.Claim
	for c := f.claimEvent(); c != nil; c = f.claimEvent() {
		all = append(all, c)
	}
	return all
}

// endpointStats counts the endpoints by state, where there are any.
func (f *fixture) endpointStats() (map[lane.EndpointState]int64, error) {
	stats, err := f.LaneStats(f.t.Context(), lane.Deliver)
	maps.DeleteFunc(stats.Endpoints, func(_ lane.EndpointState, n int64) bool { return n == 0 })
	return stats.Endpoints, err
}

// state returns that of the endpoint of a URL.
func (f *fixture) state(url string) webhook.EndpointState {
	f.t.Helper()
	all, err := f.Endpoints(f.t.Context(), account)
	if err != nil {
		f.t.Fatal(err)
	}
	e, _ := webhook.EndpointOf(url)
	for _, s := range all {
		if s.Endpoint == e {
			return s
		}
	}
	f.t.Fatalf("Endpoints = %+v, want %s among them", all, e.Origin)
	return webhook.EndpointState{}
}

// pass has the time come until which an endpoint of the shard is left alone.
func (f *fixture) pass(url string) {
	f.t.Helper()
	ctx := f.t.Context()
	e, _ := webhook.EndpointOf(url)
	state := fmt.Sprintf("tw:{%d}:endpoint:%s:%s", shard, account, e.ID)
	for _, field := range []string{"until", "open", "held", "free"} {
		if f.rdb.HExists(ctx, state, field).Val() {
			f.rdb.HSet(ctx, state, field, 1)
		}
	}
	index := fmt.Sprintf("tw:{%d}:ready:deliver", shard)
	f.rdb.ZAdd(ctx, index+":"+account, redis.Z{Score: 1, Member: e.ID})
	f.rdb.ZAdd(ctx, index, redis.Z{Score: 1, Member: account})
}

// An endpoint that fails is left alone, but for a probe from time to time, however
// many lanes wait at it. When a probe succeeds it is asked as before.
func TestEndpointIsOpenedAndProbed(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{InFlight: 64, Wary: 64, Failures: 3, Pause: time.Minute, MaxPause: time.Hour}, func(t *testing.T, f *fixture) {
		f.acceptFor(account, hook, 20)
		for n := range 3 {
			if c := f.claimEvent(); c != nil {
				f.settleRun(c, ended(webhook.Failed), n < 2)
				f.rdb.Del(t.Context(), fmt.Sprintf("tw:{%d}:claims:deliver", shard))
			}
		}
		// Two more were claimed by the settlements.
		s := f.state(hook)
		equal(t, "breaker", []any{s.Breaker, s.Waiting, s.InFlight}, []any{webhook.Open, int64(18), int64(2)})
		if c := f.claimEvent(); c != nil {
			t.Fatalf("granted %+v of an endpoint that is open", c.Event)
		}
		if _, again, err := f.Sweep(t.Context(), lane.Deliver, shard); err != nil || again < 50*time.Second {
			t.Errorf("Sweep = again in %v, %v; want about a minute", again, err)
		}
	})
}

func TestProbes(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{InFlight: 64, Wary: 64, Failures: 1, Pause: time.Minute, MaxPause: 3 * time.Minute}, func(t *testing.T, f *fixture) {
		f.acceptFor(account, hook, 5)
		f.settleRun(f.claimEvent(), ended(webhook.Failed), true)
		f.acceptFor(account, otherHook, 1)
		equal(t, "endpoints that are asked", f.claimEvent().Event.URL, otherHook)
		for _, pause := range []time.Duration{2 * time.Minute, 3 * time.Minute} {
			f.pass(hook)
			equal(t, "breaker", f.state(hook).Breaker, webhook.HalfOpen)
			probes := f.claimAll()
			equal(t, "probes at a time", len(probes), 1)
			f.settleRun(probes[0], ended(webhook.Hung), true)
			if left := time.Until(f.state(hook).NextProbe); left > pause || left < pause-10*time.Second {
				t.Errorf("next probe in %v, want %v", left, pause)
			}
		}
		f.acceptFor(account, hook, 1) // which wakes nobody
		if c := f.claimEvent(); c != nil {
			t.Fatalf("granted %+v of an endpoint that is open", c.Event)
		}
		f.pass(hook)
		c := f.settleRun(f.claimEvent(), ended(webhook.Slow), true)
		equal(t, "breaker after a success", f.state(hook).Breaker, webhook.Closed)
		if c == nil || len(f.claimAll()) != 1 { // the others are in their backoff
			t.Error("the lanes that had not been tried are not granted")
		}
		stats, err := f.endpointStats()
		equal(t, "endpoints by state", []any{stats, err}, []any{map[lane.EndpointState]int64{}, nil})
	})
}

// Failures count together within a window, and only if they are a part of the whole.
func TestFewFailuresDoNotOpen(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{InFlight: 64, Wary: 64, Failures: 2, Ratio: 50}, func(t *testing.T, f *fixture) {
		f.acceptFor(account, hook, 8)
		for n, h := range []webhook.Health{webhook.Failed, webhook.Fast, webhook.Fast, webhook.Slow, "", webhook.Failed} {
			f.settleRun(f.claimEvent(), ended(h), false)
			equal(t, fmt.Sprintf("breaker after attempt %d", n), f.state(hook).Breaker, webhook.Closed)
		}
		f.settleRun(f.claimEvent(), ended(webhook.Failed), false)
		equal(t, "breaker after three failures of six attempts that count", f.state(hook).Breaker, webhook.Open)
		stats, err := f.endpointStats()
		equal(t, "endpoints by state", []any{stats, err}, []any{map[lane.EndpointState]int64{lane.Open: 1}, nil})
	})
}

// A lane whose claim was lost keeps its slot until somebody has it in its turn.
func TestSlotsOfAnEndpoint(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{InFlight: 2, Wary: 2}, func(t *testing.T, f *fixture) {
		f.acceptFor(account, hook, 5)
		held := f.claimAll()
		equal(t, "slots", len(held), 2)
		f.acceptFor(account, otherHook, 1)
		f.lose(lane.Deliver)
		equal(t, "another endpoint", f.claimEvent().Event.URL, otherHook)
		job := jobs.Job{ID: jobs.NewID(shard), Account: account, ConversationID: talk, WebhookURL: hook}
		_, wake, err := f.Accept(t.Context(), job, jobs.Terms{Create: true})
		if err != nil || wake.Deliver {
			t.Errorf("Accept = %+v, %v; want no ring for an endpoint without a slot", wake, err)
		}
		c := f.settleRun(held[0], ended(webhook.Fast), true)
		if c == nil || f.claimEvent() != nil {
			t.Fatalf("granted %+v after a settlement, want one lane in the slot that came back", c)
		}
		if _, err := f.Release(t.Context(), c.Claim); err != nil {
			t.Fatal(err)
		}
		equal(t, "lanes claimed in the slot that was given back", len(f.claimAll()), 1)
		f.expire(lane.Deliver)
		heirs := f.claimAll()
		equal(t, "lanes claimed after their leases", len(heirs), 3) // that of the other endpoint, too
	})
}

// The slots of an endpoint are those of all shards, each of which has an equal part, and
// one at least.
func TestSlotsOfAllShards(t *testing.T) {
	t.Parallel()

	for all, want := range map[int]int{1: 1, shards: 1, shards + 1: 2, 3 * shards: 3} {
		f := &fixture{t: t, rdb: redistest.New(t)}
		f.Store = store.New(f.rdb, store.Options{Shards: shards, Endpoints: store.EndpointOptions{InFlight: all, Wary: all}})
		f.acceptFor(account, hook, 5)
		equal(t, fmt.Sprintf("slots in one shard of %d", all), len(f.claimAll()), want)
	}
}

// An endpoint that is slow has few slots, and so has one that is not known.
func TestSlotsOfASlowEndpoint(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{InFlight: 4, Wary: 1}, func(t *testing.T, f *fixture) {
		f.acceptFor(account, hook, 12)
		for _, step := range []struct {
			health webhook.Health
			slots  int
		}{{webhook.Fast, 4}, {webhook.Slow, 1}, {webhook.Fast, 4}, {webhook.Hung, 1}} {
			claims := f.claimAll()
			f.settleRun(claims[0], ended(step.health), false)
			for _, c := range claims[1:] {
				f.settleRun(c, ended(""), false)
			}
			claims = f.claimAll()
			equal(t, "slots after an answer that was "+string(step.health), len(claims), step.slots)
			for _, c := range claims {
				if _, err := f.Release(t.Context(), c.Claim); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestEndpointThatAsksToBeLeftAlone(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{}, func(t *testing.T, f *fixture) {
		f.acceptFor(account, hook, 3)
		settled := ended(webhook.Failed)
		settled[0].Hold = time.Hour
		f.settleRun(f.claimEvent(), settled, true)
		if c := f.claimEvent(); c != nil {
			t.Fatalf("granted %+v of an endpoint that is held", c.Event)
		}
		if left := time.Until(f.state(hook).HeldUntil); left < 50*time.Minute || left > time.Hour {
			t.Errorf("held for %v, want an hour", left)
		}
		if err := f.HoldEndpoint(t.Context(), account, f.state(hook).Endpoint, shard, time.Hour); err != nil {
			t.Fatal(err)
		}
		stats, err := f.endpointStats()
		equal(t, "endpoints by state", []any{stats, err}, []any{map[lane.EndpointState]int64{lane.Held: shards}, nil})
		f.pass(hook)
		if c := f.claimEvent(); c == nil {
			t.Error("granted nothing after that")
		}
	})
}

// What arrives while an endpoint is paused waits, and nobody is rung for it.
func TestPausedEndpoint(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{}, func(t *testing.T, f *fixture) {
		e, _ := webhook.EndpointOf(hook)
		if _, err := f.PauseEndpoint(t.Context(), account, e, true); err != nil {
			t.Fatal(err)
		}
		job := jobs.Job{ID: jobs.NewID(shard), Account: account, ConversationID: talk, WebhookURL: hook}
		_, wake, err := f.Accept(t.Context(), job, jobs.Terms{Create: true})
		if err != nil || wake.Deliver || f.claimEvent() != nil {
			t.Errorf("Accept = %+v, %v; want nobody to be rung, and nothing to be granted", wake, err)
		}
		s := f.state(hook)
		if s.PausedSince.IsZero() || s.Waiting != 1 {
			t.Errorf("state = %+v, want it paused with a lane that waits", s)
		}
		stats, err := f.endpointStats()
		equal(t, "endpoints by state", []any{stats, err}, []any{map[lane.EndpointState]int64{lane.Paused: shards}, nil})
		if stats, err := f.LaneStats(t.Context(), lane.Deliver); err != nil || stats.Pending != 1 || stats.Oldest > 0 {
			t.Errorf("LaneStats = %+v, %v; want a lane that is not late", stats, err)
		}
		ring, err := f.PauseEndpoint(t.Context(), account, e, false)
		if err != nil || !slices.Contains(ring, shard) {
			t.Errorf("PauseEndpoint = %v, %v; want a ring for the shard", ring, err)
		}
		equal(t, "what is granted then", f.claimEvent().Key, job.ID)
		equal(t, "paused", f.state(hook).PausedSince, time.Time{})
	})
}

// Endpoints of an account take turns, and have equal parts of what is granted together.
func TestEndpointsTakeTurns(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{InFlight: 64, Wary: 64}, func(t *testing.T, f *fixture) {
		f.acceptFor(account, hook, 20)
		f.acceptFor(account, otherHook, 1)
		var granted []string
		for _, a := range f.together(store.EventStep{}, store.EventStep{}, store.EventStep{}, store.EventStep{}) {
			granted = append(granted, a.Claim.Event.URL)
		}
		if !slices.Contains(granted, otherHook) {
			t.Errorf("granted together %v, want one for the other endpoint", granted)
		}
		f.acceptFor(account, "http://third.example/", 1)
		claimed := []string{f.claimEvent().Event.URL, f.claimEvent().Event.URL}
		if !slices.Contains(claimed, "http://third.example/") {
			t.Errorf("claimed %v, want the third endpoint among the first two", claimed)
		}
	})
}

// A job of a conversation does not wait for the receiver of another one.
func TestNobodyWaitsForAnotherEndpoint(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{}, func(t *testing.T, f *fixture) {
		f.finished("One.", true)
		job := jobs.Job{ID: jobs.NewID(shard), Account: account, ConversationID: talk, WebhookURL: otherHook, Utterances: []analysis.Utterance{{Text: "Two."}}}
		if _, _, err := f.Accept(t.Context(), job, jobs.Terms{}); err != nil {
			t.Fatal(err)
		}
		f.commit(f.claim(1), 1, store.Next{})
		for _, c := range f.claimAll() {
			equal(t, "events granted for "+c.Event.URL, len(statuses(c)), 3)
		}
	})
}

// What is given up is kept, and the policy says what becomes of the rest.
func TestGapPolicies(t *testing.T) {
	for _, tt := range []struct {
		policy webhook.GapPolicy
		rest   []string // that is granted then
		dead   []string
	}{
		{webhook.Continue, []string{"2 in_progress attempt 1", "3 completed attempt 1"}, []string{"1 scheduled 4xx"}},
		{webhook.Latest, []string{"3 completed attempt 1"}, []string{"1 scheduled 4xx", "2 in_progress superseded"}},
		{webhook.Halt, nil, []string{"1 scheduled 4xx"}},
	} {
		t.Run(string(tt.policy), func(t *testing.T) {
			withEndpoints(t, store.EndpointOptions{}, func(t *testing.T, f *fixture) {
				job := f.finished("One.", true)
				settled := run(webhook.Dead)
				settled[0].Gap, settled[0].Class = tt.policy, webhook.Class4xx
				equal(t, "the rest", statuses(f.settleRun(f.claimEvent(), settled, true)), tt.rest)
				var dead []string
				for _, m := range f.rdb.ZRange(t.Context(), fmt.Sprintf("tw:{%d}:dead:%s:%s", shard, account, endpoint.ID), 0, -1).Val() {
					f := strings.Fields(m)
					dead = append(dead, f[1]+" "+f[2]+" "+f[4])
					equal(t, "job", f[0], job.ID)
				}
				equal(t, "dead events", dead, tt.dead)
				halted := f.rdb.ZRange(t.Context(), fmt.Sprintf("tw:{%d}:halted:%s", shard, account), 0, -1).Val()
				equal(t, "lanes that wait for an operator", len(halted) == 1, tt.policy == webhook.Halt)
				if tt.policy == webhook.Halt {
					equal(t, "events kept in the lane", f.rdb.LLen(t.Context(), key("e", job.ID)).Val(), int64(3))
				}
				equal(t, "keys in the index", len(f.keys("tw:{*}:ready:deliver*")) > 0, tt.policy != webhook.Halt)
			})
		})
	}
}

// A rate spreads events out over time.
func TestRateOfAnEndpoint(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{InFlight: 64, Wary: 64, Rate: 0.1 * shards}, func(t *testing.T, f *fixture) { // one in ten seconds here
		f.acceptFor(account, hook, 3)
		c := f.claimEvent()
		if next := f.settleRun(c, ended(webhook.Fast), true); next != nil {
			t.Fatalf("granted %+v at once", next.Event)
		}
		equal(t, "rate", f.state(hook).Rate, 0.1*shards)
		_, again, err := f.Sweep(t.Context(), lane.Deliver, shard)
		if err != nil || again < 5*time.Second || again > 10*time.Second {
			t.Errorf("Sweep = again in %v, %v; want ten seconds", again, err)
		}
		f.pass(hook)
		if c := f.claimEvent(); c == nil {
			t.Error("granted nothing ten seconds later")
		}
	})
}

// While probes fail in another shard this one makes none. After one that was answered it
// does at once, and when it hears of none.
func TestProbeOfAnotherShard(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{Failures: 1, Pause: time.Minute, MaxPause: 10 * time.Minute}, func(t *testing.T, f *fixture) {
		tell := func(answered bool) (rung bool) {
			t.Helper()
			f.rdb.Del(t.Context(), fmt.Sprintf("tw:{%d}:bell:deliver", shard)) // what was rung for before has arrived
			ring, err := f.TellProbe(t.Context(), account, endpoint, shard+1, answered, 10*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			return slices.Contains(ring, shard)
		}
		due := func(after string, least, most time.Duration) {
			t.Helper()
			if left := time.Until(f.state(hook).NextProbe); left < least || left > most {
				t.Errorf("%s: next probe in %v, want %v to %v", after, left, least, most)
			}
		}
		f.acceptFor(account, hook, 4)
		f.settleRun(f.claimEvent(), ended(webhook.Failed), false)
		due("of its own", 50*time.Second, time.Minute)
		equal(t, "rung", tell(false), false)
		due("instead of that", 10*time.Minute, 10*time.Minute+10*time.Second)
		equal(t, "rung", tell(false), false)
		due("told again", 10*time.Minute, 10*time.Minute+10*time.Second)
		f.pass(hook)
		if c := f.claimEvent(); c == nil || !c.Probe {
			t.Fatalf("granted %+v when no probe was heard of, want a probe", c)
		} else {
			f.settleRun(c, ended(webhook.Failed), false)
		}
		due("of its own again", 110*time.Second, 2*time.Minute)
		equal(t, "rung after an answer", tell(true), true)
		probe := f.claimEvent()
		if probe == nil || !probe.Probe {
			t.Fatalf("granted %+v after an answer, want a probe", probe)
		}
		f.settleRun(probe, ended(webhook.Fast), false)
		equal(t, "breaker", []any{f.state(hook).Breaker, tell(true), tell(false)}, []any{webhook.Closed, false, false})
		if c := f.claimEvent(); c == nil || c.Probe {
			t.Errorf("granted %+v of an endpoint that answers, want no probe", c)
		}
	})
}

// An endpoint that has not answered for as long as events are tried is probed each
// second, and what waits counts as tried since it was opened.
func TestEndpointThatNeverAnswers(t *testing.T) {
	withEndpoints(t, store.EndpointOptions{Failures: 1, Elapsed: time.Hour}, func(t *testing.T, f *fixture) {
		f.acceptFor(account, hook, 2)
		f.settleRun(f.claimEvent(), ended(webhook.Failed), false)
		opened := time.Now().Add(-2 * time.Hour)
		f.rdb.HSet(t.Context(), fmt.Sprintf("tw:{%d}:endpoint:%s:%s", shard, account, endpoint.ID), "opened", opened.UnixMilli())
		f.pass(hook)
		if _, err := f.TellProbe(t.Context(), account, endpoint, shard+1, false, time.Minute); err != nil { // which counts here no more
			t.Fatal(err)
		}
		c := f.claimEvent()
		if c.Since.IsZero() || c.Since.After(c.Event.OccurredAt) {
			t.Errorf("Since = %v, want not after the event, of %v", c.Since, c.Event.OccurredAt)
		}
		f.settleRun(c, ended(webhook.Failed), false)
		if left := time.Until(f.state(hook).NextProbe); left > time.Second {
			t.Errorf("next probe in %v, want a second", left)
		}
	})
}
