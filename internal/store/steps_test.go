package store_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

// stepLimit returns how long one step of Redis may take, whatever a caller sends or
// has: 5 ms on a machine that does nothing else, which TURNWISE_TEST_LONG says, and
// elsewhere what tells a step that grows with its input from one that had to wait.
func stepLimit() time.Duration {
	if os.Getenv("TURNWISE_TEST_LONG") != "" {
		return 5 * time.Millisecond
	}
	return 30 * time.Millisecond
}

// TestNoLongStep makes the steps of the path of a job do the most that callers can
// make them do, on a real Redis, and finds none longer than stepLimit in its slow
// log. That tells the time by the wall, so on a machine with other work a step may
// look longer than it is: a row has ten runs at most, and one without a long step is
// enough. Whoever writes a script that does more for those who have more adds a row.
func TestNoLongStep(t *testing.T) {
	if testing.Short() {
		t.Skip("it fills a Redis")
	}
	rdb, longestStep := redistest.Real(t), stepLimit()
	// Each row gets everything ready and returns the steps to look at.
	rows := []struct {
		name string
		row  func(f *fixture) (steps func())
	}{
		{"an append becomes 50,000 messages and as many insights", commitOfManyMessages},
		{"an append becomes messages of 60 kB each", commitOfLongMessages},
		{"jobs of 1,000 messages in eight lanes are committed together", commitOfManyJobs},
		{"a commit comes after one of 50,000 messages that was broken off", commitOverLeftovers},
		{"a job fails after a commit of 50,000 messages that was broken off", failOverLeftovers},
		{"an append has 1,000 new speakers with three keys each", commitOfManySpeakers},
		{"an append has 1,000 speakers with three keys each who are known", claimOfKnownSpeakers},
		{"40 jobs of 256 kB wait in a conversation", claimOfLongBodies},
		{"short jobs wait in front of long ones", claimOfUnevenBodies},
		{"32 jobs of 8 kB wait", claimOfShortBodies},
		{"16 jobs of 16 kB arrive together", acceptTogether},
		{"a conversation with 3,001 jobs with webhooks is deleted", deletionWithJobs},
		{"a conversation with 100,000 messages is deleted", deletionOfMessages},
		{"20,000 lanes are due", manyLanes},
		{"16 runs of four events with long answers are settled together", settlements},
		{"a conversation of 2,000 members is read", readOfManyMembers},
		{"a conversation of 2,000 members is edited", editOfManyMembers},
		{"the jobs of lanes with long bodies are listed", listOfLongJobs},
		{"messages of 64 kB each are read", readOfLongMessages},
		{"a message has all the matches that it may have", oneHeavyMessage},
		{"a job with a body of 1 MiB is accepted and granted at once", acceptOfLongBody},
		{"a job with a body of 1 MiB is claimed and committed", claimOfLongBody},
		{"a job with a body of 1 MiB fails", failOfLongBody},
		{"a conversation with 40 bodies of 1 MiB is deleted", deletionOfLongBodies},
		{"a conversation with the texts of 1,000 jobs that failed is deleted", deletionOfKeptTexts},
		{"the last of 3,001 jobs that wait is cancelled", cancellationOfTheLast},
		{"a job with a body of 1 MiB is skipped", skipOfLongBody},
		{"40,000 jobs are listed and counted", pagesOfJobs},
		{"an event is given up where 10,000 have become old", burialOverOldOnes},
		{"an endpoint fails where 200,000 have become old", failureOverOldEndpoints},
		{"100,000 endpoints are listed", listOfManyEndpoints},
		{"100,000 endpoints that wait are counted", statsOfManyEndpoints},
		{"a page has a conversation of 2,000 members", pageOfCrowds},
		{"messages and insights of 64 kB each are read by their places", readAtPlaces},
		{"an account that has 100,000 slots is refused one, and given one", slotsOfManyJobs},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			shortest, found := time.Hour, ""
			for range 10 {
				took, command := longest(t, rdb, row.row)
				if took < shortest {
					shortest, found = took, command
				}
				if shortest < longestStep {
					break
				}
			}
			t.Logf("%v %s", shortest, found)
			if shortest >= longestStep {
				t.Errorf("a step took %v, want less than %v: %s", shortest, longestStep, found)
			}
		})
	}
}

// longest runs a row on an empty Redis and returns the longest step of it.
func longest(t *testing.T, rdb redis.UniversalClient, row func(f *fixture) (steps func())) (took time.Duration, command string) {
	t.Helper()
	ctx := t.Context()
	for _, err := range []error{rdb.FlushAll(ctx).Err(), rdb.ConfigSet(ctx, "slowlog-log-slower-than", "-1").Err()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	steps := row(newFixture(t, rdb))
	rdb.ConfigSet(ctx, "slowlog-max-len", "100000")
	rdb.ConfigSet(ctx, "slowlog-log-slower-than", "300")
	rdb.Do(ctx, "SLOWLOG", "RESET")
	steps()
	rdb.ConfigSet(ctx, "slowlog-log-slower-than", "-1")
	log, err := rdb.SlowLogGet(ctx, -1).Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range log {
		if entry.Duration > took {
			took, command = entry.Duration, fmt.Sprintf("%.400s", strings.Join(entry.Args, " "))
		}
	}
	return took, command
}

// jobsOfSize accepts jobs with so many bytes of text in a conversation, which they
// make.
func (f *fixture) jobsOfSize(sizes ...int) {
	f.t.Helper()
	for n, size := range sizes {
		f.accept(strings.Repeat("a ", size/2), n == 0)
	}
}

// bring is what a job does that brings so many messages and insights, each with so
// many bytes.
func bring(w jobs.Work, messages, insights, size int) jobs.Effect {
	text := strings.Repeat("a", size)
	e := jobs.Effect{JobID: w.ID, Started: time.Now(), Finished: time.Now()}
	for n := range messages {
		e.Messages = append(e.Messages, conversation.Message{
			ID: conversation.MessageID(w.ID, n), Text: text, Start: w.AcceptedAt, End: w.AcceptedAt.Add(time.Second),
		})
	}
	for n := range insights {
		e.Insights = append(e.Insights, analysis.Insight{ID: fmt.Sprint(n), Text: text})
	}
	return e
}

func (f *fixture) commitEffects(c *jobs.Claim, effects ...jobs.Effect) {
	f.t.Helper()
	if _, _, err := f.CommitOne(f.t.Context(), c, effects, store.Next{Stay: true, Most: 32}); err != nil {
		f.t.Fatalf("Commit: %v", err)
	}
}

func commitOfManyMessages(f *fixture) func() {
	f.jobsOfSize(2, 2)
	c := f.claim(32)
	e := bring(c.Jobs[0], 50_000, 50_000, 20)
	return func() { f.commitEffects(c, e) }
}

func commitOfLongMessages(f *fixture) func() {
	f.jobsOfSize(2, 2)
	c := f.claim(32)
	e := bring(c.Jobs[0], 20, 20, 60<<10)
	return func() { f.commitEffects(c, e) }
}

func commitOfManyJobs(f *fixture) func() {
	f.beginMany(8, 4, "Hello.")
	claims := f.claimLanes(jobs.Want{Lanes: 8, Jobs: 32})
	done := make([]jobs.Done, len(claims))
	for n, c := range claims {
		done[n] = jobs.Done{Claim: c, Stay: true}
		for _, w := range c.Jobs {
			done[n].Effects = append(done[n].Effects, bring(w, 1000, 100, 20))
		}
	}
	return func() {
		if _, err := f.Commit(f.t.Context(), shard, done, jobs.Want{Lanes: 8, Jobs: 32}); err != nil {
			f.t.Error(err)
		}
	}
}

// leftovers leaves 50,000 messages and as many insights staged by a worker that was
// shut out, and returns the claim of the next one.
func leftovers(f *fixture) *jobs.Claim {
	f.jobsOfSize(2, 2)
	c := f.claim(32)
	e := bring(c.Jobs[0], 50_000, 50_000, 20)
	if err := f.StageOnly(f.t.Context(), c, e); err != nil {
		f.t.Fatal(err)
	}
	f.expire(lane.Append)
	return f.claim(32)
}

func commitOverLeftovers(f *fixture) func() {
	c := leftovers(f)
	e := bring(c.Jobs[0], 10, 10, 20)
	return func() { f.commitEffects(c, e) }
}

func failOverLeftovers(f *fixture) func() {
	c := leftovers(f)
	return func() { f.fail(c, jobs.Failure{JobID: c.Jobs[0].ID, Final: true}, store.Next{Stay: true, Most: 32}) }
}

// crowd returns a job with so many speakers of three keys each.
func crowd(job jobs.Job, speakers int) jobs.Job {
	job.Utterances = nil
	for n := range speakers {
		job.Utterances = append(job.Utterances, analysis.Utterance{Text: "Hi.", From: conversation.Speaker{
			ID: fmt.Sprint("speaker ", n), UserID: fmt.Sprintf("speaker%d@example.com", n), Name: fmt.Sprint("Speaker ", n),
		}})
	}
	return job
}

func (f *fixture) acceptCrowd(speakers int, create bool) {
	f.t.Helper()
	job := crowd(jobs.Job{ID: jobs.NewID(shard), Account: account, ConversationID: talk}, speakers)
	if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: create}); err != nil {
		f.t.Fatal(err)
	}
}

func commitOfManySpeakers(f *fixture) func() {
	f.acceptCrowd(1000, true)
	c := f.claim(32)
	e := effect(c.Jobs[0])
	return func() { f.commitEffects(c, e) }
}

func claimOfKnownSpeakers(f *fixture) func() {
	commitOfManySpeakers(f)()
	for range 5 {
		f.acceptCrowd(1000, false)
	}
	return func() { f.claim(32) }
}

// workOff works jobs whose text is not kept, until none is left.
func (f *fixture) workOff() {
	f.t.Helper()
	for c := f.claim(32); c != nil; c = f.claim(32) {
		effects := make([]jobs.Effect, len(c.Jobs))
		for n, w := range c.Jobs {
			effects[n] = bring(w, 1, 1, 20)
		}
		if _, _, err := f.CommitOne(f.t.Context(), c, effects, store.Next{}); err != nil {
			f.t.Fatal(err)
		}
	}
}

func claimOfLongBodies(f *fixture) func() {
	sizes := make([]int, 40)
	for n := range sizes {
		sizes[n] = 256_000
	}
	f.jobsOfSize(sizes...)
	return f.workOff
}

func claimOfUnevenBodies(f *fixture) func() {
	sizes := make([]int, 40)
	for n := range sizes {
		sizes[n] = []int{2, 256_000}[n/8%2]
	}
	f.jobsOfSize(sizes...)
	return f.workOff
}

func claimOfShortBodies(f *fixture) func() {
	sizes := make([]int, 64)
	for n := range sizes {
		sizes[n] = 7_800
	}
	f.jobsOfSize(sizes...)
	return func() { f.commit(f.claim(32), 32, store.Next{Stay: true, Most: 32}) }
}

func acceptTogether(f *fixture) func() {
	f.accept("One.", true)
	var arrivals []store.Arrival
	for range 16 {
		arrivals = append(arrivals, store.Arrival{Job: arriving(talk, strings.Repeat("a", 16<<10))})
	}
	return func() { f.acceptTogether(arrivals...) }
}

func deletionWithJobs(f *fixture) func() {
	f.jobsOfSize(make([]int, 3001)...)
	f.claim(32)
	return func() { f.deleteAll() }
}

// deleteAll deletes the conversation and claims until the last of its jobs is failed.
func (f *fixture) deleteAll() {
	f.t.Helper()
	if _, err := f.Delete(f.t.Context(), edit.Target{Account: account, ID: talk}); err != nil {
		f.t.Fatal(err)
	}
	for f.rdb.Exists(f.t.Context(), key("q", talk)).Val() == 1 {
		f.claim(32)
	}
}

func deletionOfMessages(f *fixture) func() {
	for n := range 2 {
		f.accept("One.", n == 0)
		c := f.claim(1)
		f.commitEffects(c, bring(c.Jobs[0], 50_000, 20_000, 100))
	}
	f.jobsOfSize()
	return func() { f.deleteAll() }
}

func manyLanes(f *fixture) func() {
	f.beginMany(64, 2, "Hello.")
	ready := fmt.Sprintf("tw:{%d}:ready:append:%s", shard, account)
	var lanes []redis.Z
	for n := range 20_000 { // of which the lanes above are the first ones
		lanes = append(lanes, redis.Z{Score: float64(time.Now().UnixMilli()), Member: fmt.Sprintf("%s:9%015d", account, n)})
	}
	if err := f.rdb.ZAdd(f.t.Context(), ready, lanes...).Err(); err != nil {
		f.t.Fatal(err)
	}
	f.expire(lane.Append)
	return func() {
		if _, _, err := f.Sweep(f.t.Context(), lane.Append, shard); err != nil {
			f.t.Error(err)
		}
		if _, _, err := f.Claim(f.t.Context(), shard, jobs.Want{Lanes: 8, Jobs: 32}); err != nil {
			f.t.Error(err)
		}
	}
}

func settlements(f *fixture) func() {
	f.jobsOfSize(make([]int, 16)...)
	for range 16 {
		f.commit(f.claim(1), 1, store.Next{})
	}
	answer := strings.Repeat("a", 4<<10)
	return func() {
		for c := f.claimEvents(16); len(c) > 0; c = f.claimEvents(16) {
			steps := make([]store.EventStep, len(c))
			for n := range c {
				steps[n] = store.EventStep{Claim: c[n], Next: true}
				for then := c[n]; then != nil; then = then.Then {
					steps[n].Run = append(steps[n].Run, webhook.Settlement{
						Outcome: webhook.Delivered, Attempt: webhook.Attempt{At: time.Now(), EventID: fmt.Sprint(n, len(steps[n].Run)), Answer: answer},
					})
				}
			}
			f.together(steps...)
		}
	}
}

// claimEvents claims that many lanes at most in one step.
func (f *fixture) claimEvents(most int) (claims []*webhook.Claim) {
	f.t.Helper()
	for _, a := range f.together(make([]store.EventStep, most)...) {
		if a.Claim != nil {
			claims = append(claims, a.Claim)
		}
	}
	return claims
}
