package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// TestModel drives random interleavings of all scripts about append lanes
// against a sequential model: workers that crash, stall and come back late,
// replies and wake-ups that get lost, requests that are repeated. After every
// step what is in Redis must equal the model.
func TestModel(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		rapid.Check(t, func(rt *rapid.T) {
			if err := rdb.FlushAll(t.Context()).Err(); err != nil {
				rt.Fatal(err)
			}
			m := newModel(t, rdb)
			rt.Repeat(map[string]func(*rapid.T){
				"accept": m.accept, "repeat": m.repeat, "claim": m.claim, "commit": m.commit, "fail": m.fail,
				"renew": m.renew, "release": m.release, "expire": m.expire, "losing rings": m.loseRings,
				"": m.check,
			})
		})
	})
}

// model is the sequential truth.
type model struct {
	ctx    context.Context //nolint:containedctx // of the test
	rdb    redis.UniversalClient
	store  *store.Store // of a process that lives
	dying  *store.Store // of one that never gave a sign of life
	talks  []*modelTalk
	claims []*jobs.Claim // every claim ever granted, live or not
	jobs   int
}

// modelTalk is a conversation: its jobs in the order of acceptance.
type modelTalk struct {
	id      string
	jobs    []jobs.Job
	settled int      // of jobs
	applied []string // texts
	holder  string   // id of the claim; "" if none
	expired bool     // the holder's lease
	backoff bool
	tried   int // attempts at the head that ended without effect

	ended, how string // the claim that ended last, if nothing was granted since, and the step that ended it
}

func newModel(t *testing.T, rdb redis.UniversalClient) *model {
	t.Helper()
	open := func() *store.Store {
		s := store.New(rdb, store.Options{Shards: 2, Lease: time.Hour, MaxAttempts: 1000})
		return s.Twice(t)
	}
	m := &model{ctx: t.Context(), rdb: rdb, store: open(), dying: open()}
	if err := m.store.Show(m.ctx); err != nil {
		t.Fatal(err)
	}
	for n := range 4 {
		m.talks = append(m.talks, &modelTalk{id: fmt.Sprintf("100000000000000%d", n)})
	}
	return m
}

func (m *model) accept(rt *rapid.T) {
	talk := rapid.SampledFrom(m.talks).Draw(rt, "talk")
	m.jobs++
	job := jobs.Job{
		ID: jobs.NewID(lane.ShardOf(talk.id, 2)), Account: account, ConversationID: talk.id, WebhookURL: hook,
		Utterances: []analysis.Utterance{{Text: fmt.Sprint(m.jobs)}},
	}
	terms := jobs.Terms{Create: len(talk.jobs) == 0, Claim: rapid.Bool().Draw(rt, "at once")}
	c, _, err := m.store.Accept(m.ctx, job, terms)
	if err != nil {
		rt.Fatalf("Accept: %v", err)
	}
	talk.jobs = append(talk.jobs, job)
	if (c != nil) != (terms.Claim && talk.pending() == 1) {
		rt.Fatalf("Accept granted %v, with %d jobs pending", c, talk.pending())
	}
	if c != nil {
		m.granted(rt, c)
	}
}

// repeat accepts a job again, as a client does whose reply got lost.
func (m *model) repeat(rt *rapid.T) {
	talk := rapid.SampledFrom(m.talks).Draw(rt, "talk")
	if len(talk.jobs) == 0 {
		rt.Skip("nothing to repeat")
	}
	job := rapid.SampledFrom(talk.jobs).Draw(rt, "job")
	terms := jobs.Terms{Create: rapid.Bool().Draw(rt, "create"), Claim: true}
	if c, _, err := m.store.Accept(m.ctx, job, terms); err != nil || c != nil {
		rt.Fatalf("Accept of an accepted job: %v", err)
	}
}

func (m *model) claim(rt *rapid.T) {
	shard := rapid.IntRange(0, 1).Draw(rt, "shard")
	by := rapid.SampledFrom([]*store.Store{m.store, m.dying}).Draw(rt, "by")
	want := m.want(rt)
	want.Lanes = max(want.Lanes, 1)
	claims, _, err := by.Claim(m.ctx, shard, want)
	if err != nil {
		rt.Fatalf("Claim: %v", err)
	}
	if len(claims) == 0 {
		for _, talk := range m.talks {
			if lane.ShardOf(talk.id, 2) == shard && talk.claimable() {
				rt.Fatalf("Claim found nothing, but %s is due", talk.id)
			}
		}
		return
	}
	m.grantedAll(rt, claims, want)
}

func (m *model) want(rt *rapid.T) jobs.Want {
	return jobs.Want{Lanes: rapid.IntRange(0, 3).Draw(rt, "lanes"), Jobs: rapid.IntRange(1, 5).Draw(rt, "jobs")}
}

// grantedAll books what one step granted.
func (m *model) grantedAll(rt *rapid.T, claims []*jobs.Claim, want jobs.Want) {
	count := 0
	for _, c := range claims {
		m.granted(rt, c)
		count += len(c.Jobs)
		if c.Attempt > 1 && len(claims) > 1 {
			rt.Fatalf("a lane whose worker may have died was granted beside %d others", len(claims)-1)
		}
	}
	if count > want.Jobs {
		rt.Fatalf("%d jobs were granted, want %d at most", count, want.Jobs)
	}
}

func (t *modelTalk) pending() int { return len(t.jobs) - t.settled }

func (t *modelTalk) claimable() bool {
	return t.pending() > 0 && (t.holder == "" || t.expired) && !t.backoff
}

// granted books a claim and compares it with the model.
func (m *model) granted(rt *rapid.T, c *jobs.Claim) {
	talk := m.talk(c.Key)
	if !talk.claimable() {
		rt.Fatalf("a claim of %s was granted, but it is empty, leased or put off: %+v", c.Key, talk)
	}
	if lapsed := talk.holder; strings.HasPrefix(lapsed, m.dying.Process()) && !strings.HasPrefix(c.ID, m.dying.Process()) {
		talk.tried++
	}
	talk.holder, talk.expired, talk.ended = c.ID, false, ""
	if c.Attempt != talk.tried+1 {
		rt.Fatalf("attempt %d at the head of %s, want %d", c.Attempt, c.Key, talk.tried+1)
	}
	for n, w := range c.Jobs {
		if want := talk.jobs[talk.settled+n]; w.ID != want.ID || w.Sequence != int64(talk.settled+n+1) {
			rt.Fatalf("job %d of the claim is %s number %d, want %s number %d", n, w.ID, w.Sequence, want.ID, talk.settled+n+1)
		}
	}
	m.claims = append(m.claims, c)
}

func (m *model) talk(id string) *modelTalk {
	return m.talks[slices.IndexFunc(m.talks, func(t *modelTalk) bool { return t.id == id })]
}

// anyClaim draws a claim, old or new, and whether it is still its lane's.
func (m *model) anyClaim(rt *rapid.T) (c *jobs.Claim, talk *modelTalk, live bool) {
	if len(m.claims) == 0 {
		rt.Skip("no claim yet")
	}
	// The latest ones are the more interesting.
	from := max(0, len(m.claims)-6)
	c = rapid.SampledFrom(m.claims[from:]).Draw(rt, "claim")
	talk = m.talk(c.Key)
	live = talk.holder == c.ID && c.Jobs[0].ID == talk.head()
	return c, talk, live
}

func (t *modelTalk) head() string {
	if t.pending() == 0 {
		return ""
	}
	return t.jobs[t.settled].ID
}

// commit ends claims of up to three lanes of a shard, live ones or not, in one
// step.
func (m *model) commit(rt *rapid.T) {
	first, _, _ := m.anyClaim(rt)
	var done []jobs.Done
	seen := map[string]bool{}
	for range rapid.IntRange(1, 3).Draw(rt, "commits") {
		c, _, _ := m.anyClaim(rt)
		if len(done) == 0 {
			c = first
		}
		if c.Shard != first.Shard || seen[c.Key] {
			continue
		}
		seen[c.Key] = true
		d := jobs.Done{Claim: c, Stay: rapid.Bool().Draw(rt, "stay")}
		for n := range rapid.IntRange(1, len(c.Jobs)).Draw(rt, "done") {
			d.Effects = append(d.Effects, effect(c.Jobs[n]))
		}
		done = append(done, d)
	}
	want := m.want(rt)
	live := make([]bool, len(done))
	for n, d := range done {
		live[n] = m.live(d.Claim)
	}
	r, err := m.store.Commit(m.ctx, first.Shard, done, want)
	if err != nil {
		rt.Fatalf("Commit: %v", err)
	}
	for n, o := range r.Outcomes {
		m.committed(rt, done[n], live[n], o.Err)
	}
	m.grantedAll(rt, r.Claims, want)
}

// live reports whether a claim is its lane's, and its jobs are at the front.
func (m *model) live(c *jobs.Claim) bool {
	talk := m.talk(c.Key)
	return talk.holder == c.ID && c.Jobs[0].ID == talk.head()
}

// committed books what became of one lane of a commit.
func (m *model) committed(rt *rapid.T, d jobs.Done, live bool, err error) {
	talk := m.talk(d.Claim.Key)
	if m.repeated(rt, talk, d.Claim, "Commit", nil, err) || m.fenced(rt, "Commit", live, err) {
		return
	}
	for n := range d.Effects {
		talk.applied = append(talk.applied, d.Claim.Jobs[n].Utterances[0].Text)
	}
	talk.settled += len(d.Effects)
	m.ended(rt, talk, d.Claim, "Commit", nil)
}

// repeated reports whether a step has ended the claim before: then it says so
// once more, and changes nothing.
func (m *model) repeated(rt *rapid.T, talk *modelTalk, c *jobs.Claim, step string, next *jobs.Claim, err error) bool {
	if talk.ended != c.ID || talk.how != step {
		return false
	}
	if err != nil || next != nil {
		rt.Fatalf("%s repeated = %+v, %v; want nothing new", step, next, err)
	}
	return true
}

// fenced checks the verdict on a step under a claim, and reports whether it
// was refused.
func (m *model) fenced(rt *rapid.T, step string, live bool, err error) bool {
	refused := errors.Is(err, lane.ErrStale)
	if err != nil && !refused {
		rt.Fatalf("%s: %v", step, err)
	}
	if refused == live {
		rt.Fatalf("%s refused: %t, though the claim is live: %t", step, refused, live)
	}
	return refused
}

// ended books the end of a claim, and what was granted in the same step.
func (m *model) ended(rt *rapid.T, talk *modelTalk, c *jobs.Claim, step string, next *jobs.Claim) {
	talk.holder, talk.expired, talk.tried = "", false, 0
	talk.ended, talk.how = c.ID, step
	if next != nil {
		m.granted(rt, next)
	}
}

func (m *model) fail(rt *rapid.T) {
	c, talk, live := m.anyClaim(rt)
	f := jobs.Failure{JobID: c.Jobs[0].ID, Reason: "x", Final: rapid.Bool().Draw(rt, "final"), Delay: time.Hour}
	next, _, err := m.store.Fail(m.ctx, c, f, rapid.IntRange(0, 3).Draw(rt, "stay"))
	if m.repeated(rt, talk, c, "Fail", next, err) || m.fenced(rt, "Fail", live, err) {
		return
	}
	if f.Final {
		talk.settled++
		m.ended(rt, talk, c, "Fail", next)
		return
	}
	talk.tried++
	talk.holder, talk.backoff, talk.ended, talk.how = "", true, c.ID, "Fail"
	if next != nil {
		rt.Fatalf("Fail of an attempt granted %+v", next)
	}
}

func (m *model) renew(rt *rapid.T) {
	c, talk, _ := m.anyClaim(rt)
	live := talk.holder == c.ID
	if !m.fenced(rt, "Renew", live, m.store.Renew(m.ctx, c.Claim)) {
		talk.expired = false
	}
}

func (m *model) release(rt *rapid.T) {
	c, talk, _ := m.anyClaim(rt)
	live := talk.holder == c.ID
	_, err := m.store.Release(m.ctx, c.Claim)
	if !m.repeated(rt, talk, c, "Release", nil, err) && !m.fenced(rt, "Release", live, err) {
		talk.holder, talk.expired, talk.ended, talk.how = "", false, c.ID, "Release"
	}
}

// expire lets time pass: leases end and backoffs are over.
func (m *model) expire(rt *rapid.T) {
	talk := rapid.SampledFrom(m.talks).Draw(rt, "talk")
	if talk.pending() == 0 {
		rt.Skip("nothing to expire")
	}
	key := fmt.Sprintf("tw:{%d}:ready:append", lane.ShardOf(talk.id, 2))
	m.rdb.ZAddXX(m.ctx, key+":"+account, redis.Z{Score: 1, Member: account + ":" + talk.id})
	m.rdb.ZAddXX(m.ctx, key, redis.Z{Score: 1, Member: account})
	talk.expired, talk.backoff = talk.holder != "", false
}

func (m *model) loseRings(*rapid.T) {
	m.rdb.Del(m.ctx, "tw:{0}:bell:append")
	m.rdb.Del(m.ctx, "tw:{1}:bell:append")
}

// check compares Redis with the model.
func (m *model) check(rt *rapid.T) {
	for _, talk := range m.talks {
		shard := lane.ShardOf(talk.id, 2)
		member := account + ":" + talk.id
		_, err := m.rdb.ZScore(m.ctx, fmt.Sprintf("tw:{%d}:ready:append:%s", shard, account), member).Result()
		if ready := err == nil; ready != (talk.pending() > 0) {
			rt.Fatalf("%s has %d jobs, in the ready index: %t", talk.id, talk.pending(), ready)
		}
		ids := m.rdb.LRange(m.ctx, fmt.Sprintf("tw:{%d}:q:%s", shard, member), 0, -1).Val()
		if len(ids) != talk.pending() {
			rt.Fatalf("%s has %d jobs in its lane, want %d", talk.id, len(ids), talk.pending())
		}
		m.checkJobs(rt, talk)
		m.checkText(rt, talk)
	}
}

func (m *model) checkJobs(rt *rapid.T, talk *modelTalk) {
	inProgress := 0
	for n, job := range talk.jobs {
		got, err := m.store.Job(m.ctx, account, job.ID)
		if err != nil || got.Sequence != int64(n+1) {
			rt.Fatalf("job %s has number %d, want %d (%v)", job.ID, got.Sequence, n+1, err)
		}
		if got.Status.Final() != (n < talk.settled) {
			rt.Fatalf("job %d of %s is %s, but %d are settled", n+1, talk.id, got.Status, talk.settled)
		}
		if got.Status == jobs.InProgress {
			inProgress++
		}
	}
	if inProgress > 1 {
		rt.Fatalf("%d jobs of %s are in progress", inProgress, talk.id)
	}
}

func (m *model) checkText(rt *rapid.T, talk *modelTalk) {
	if len(talk.jobs) == 0 {
		return
	}
	messages, err := m.store.Messages(m.ctx, account, talk.id)
	if err != nil {
		rt.Fatal(err)
	}
	var texts []string
	for _, msg := range messages {
		texts = append(texts, msg.Text)
	}
	if !slices.Equal(texts, talk.applied) {
		rt.Fatalf("%s holds %v, want %v", talk.id, texts, talk.applied)
	}
}
