package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

const (
	account  = "acme"
	lease    = 4 * time.Second
	largeJob = 128 << 10 // bytes of text above which a job counts as large
)

// A world is a Redis with a store on it, one shard unless a test asks for
// more, and a service that submits to it.
type world struct {
	t   *testing.T
	rdb redis.UniversalClient
	*store.Store
	service *jobs.Service
	bell    *bell
	meter   *meter
}

func newWorld(t *testing.T, rdb redis.UniversalClient, opts store.Options) *world {
	t.Helper()
	opts.Shards = max(opts.Shards, 1)
	w := &world{t: t, rdb: rdb, Store: store.New(rdb, opts), bell: &bell{}, meter: newMeter()}
	if err := w.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.service = w.serve(w.Store, jobs.Limits{})
	return w
}

// bubble runs a test on a miniredis whose clock, like that of everything else
// in it, moves when all are waiting.
func bubble(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { test(t, newWorld(t, redistest.New(t), store.Options{})) })
}

// each runs a test on miniredis and on a real Redis, by the real clock.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		test(t, newWorld(t, rdb, store.Options{}))
	})
}

// crowded runs a test of many goroutines, on a real Redis: what they send in
// one batch is more than the pipes of miniredis hold.
func crowded(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	test(t, newWorld(t, redistest.Real(t), store.Options{}))
}

// process returns the store of another process, which has not shown that it
// lives.
func (w *world) process(maxAttempts int) *store.Store {
	return store.New(w.rdb, store.Options{Shards: w.Shards(), MaxAttempts: maxAttempts})
}

// serve returns a Service on a store, which may be one with faults.
func (w *world) serve(s jobs.Store, limits jobs.Limits) *jobs.Service {
	return jobs.NewService(s, w.bell, w.Shards(), jobs.ServiceOptions{Limits: limits, Meter: w.meter})
}

func (w *world) runner(a jobs.Analyzer, opts jobs.RunnerOptions) *jobs.Runner {
	return w.runnerOn(w.Store, a, opts)
}

func (w *world) runnerOn(lanes jobs.Lanes, a jobs.Analyzer, opts jobs.RunnerOptions) *jobs.Runner {
	opts.Meter = w.meter
	return jobs.NewRunner(contextLanes{lanes}, a, w.bell, opts)
}

// contextLanes are lanes that refuse a step under a context that is done, as a
// client of Redis may, or may not if it is quick.
type contextLanes struct{ jobs.Lanes }

func (h contextLanes) Claim(ctx context.Context, shard int, want jobs.Want) ([]*jobs.Claim, lane.Wake, error) {
	if ctx.Err() != nil {
		return nil, lane.Wake{}, jobs.ErrUnavailable
	}
	return h.Lanes.Claim(ctx, shard, want)
}

func (h contextLanes) Commit(ctx context.Context, shard int, done []jobs.Done, want jobs.Want) (jobs.Committed, error) {
	if ctx.Err() != nil {
		return jobs.Committed{}, jobs.ErrUnavailable
	}
	return h.Lanes.Commit(ctx, shard, done, want)
}

func (h contextLanes) Fail(ctx context.Context, c *jobs.Claim, f jobs.Failure, stay int) (*jobs.Claim, lane.Wake, error) {
	if ctx.Err() != nil {
		return nil, lane.Wake{}, jobs.ErrUnavailable
	}
	return h.Lanes.Fail(ctx, c, f, stay)
}

func (h contextLanes) Release(ctx context.Context, c lane.Claim) (lane.Wake, error) {
	if ctx.Err() != nil {
		return lane.Wake{}, jobs.ErrUnavailable
	}
	return h.Lanes.Release(ctx, c)
}

// submit submits a message with the given text, and begins a conversation if
// id is empty.
func (w *world) submit(id, text string) jobs.Receipt {
	w.t.Helper()
	r, err := w.service.Submit(w.t.Context(), request(id, text))
	if err != nil {
		w.t.Fatalf("Submit(%.20q): %v", text, err)
	}
	return r
}

// talk submits that many messages, "Message 1." and so on, to a new
// conversation, and returns its id and those of the jobs.
func (w *world) talk(messages int) (id string, jobIDs []string) {
	w.t.Helper()
	for _, text := range texts(1, messages) {
		r := w.submit(id, text)
		id, jobIDs = r.ConversationID, append(jobIDs, r.JobID)
	}
	return id, jobIDs
}

func request(id, text string) jobs.Append {
	return jobs.Append{Account: account, ConversationID: id, Utterances: []analysis.Utterance{{
		From: conversation.Speaker{Name: "Ann"}, Text: text,
	}}}
}

// texts returns what [world.talk] submits, from one number to another.
func texts(from, to int) []string {
	var all []string
	for n := from; n <= to; n++ {
		all = append(all, fmt.Sprintf("Message %d.", n))
	}
	return all
}

// drain drains the first shard once, and fails the test on an error.
func (w *world) drain(r *jobs.Runner) (more bool) {
	w.t.Helper()
	more, err := r.Drain(w.t.Context(), 0)
	if err != nil {
		w.t.Fatalf("Drain: %v", err)
	}
	return more
}

// work drains all shards until every lane is empty, waiting for what is due
// later.
func (w *world) work(r *jobs.Runner) {
	w.t.Helper()
	for pending := int64(1); pending > 0; {
		pause := 10 * time.Millisecond
		for shard := range w.Shards() {
			if _, err := r.Drain(w.t.Context(), shard); err != nil {
				w.t.Fatalf("Drain: %v", err)
			}
			if _, again, _ := w.Sweep(w.t.Context(), lane.Append, shard); again > 0 {
				pause = again
			}
		}
		stats, err := w.LaneStats(w.t.Context(), lane.Append)
		if err != nil {
			w.t.Fatal(err)
		}
		pending = stats.Pending
		if pending > 0 {
			time.Sleep(pause)
		}
	}
}

func (w *world) job(id string) jobs.Job {
	w.t.Helper()
	job, err := w.service.Job(w.t.Context(), account, id)
	if err != nil {
		w.t.Fatalf("Job(%s): %v", id, err)
	}
	return job
}

// statuses returns those of jobs as one word, a letter each: s, i, c or f.
func (w *world) statuses(ids []string) string {
	w.t.Helper()
	var b strings.Builder
	for _, id := range ids {
		b.WriteByte(w.job(id).Status[0])
	}
	return b.String()
}

func (w *world) texts(id string) []string {
	w.t.Helper()
	messages, err := w.Messages(w.t.Context(), account, id)
	if err != nil {
		w.t.Fatalf("Messages: %v", err)
	}
	var all []string
	for _, m := range messages {
		all = append(all, m.Text)
	}
	return all
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// analyze is an Analyzer.
type analyze func(ctx context.Context, t jobs.Task) (analysis.Result, error)

func (a analyze) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) { return a(ctx, t) }

// taking returns an Analyzer that needs so long for each job and heeds its
// context.
func taking(d time.Duration) analyze {
	return func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
		if err := pause(ctx, d); err != nil {
			return analysis.Result{}, err
		}
		return jobs.Local{}.Analyze(ctx, t)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// text returns that of the first message of a task.
func text(t jobs.Task) string { return t.Input.Utterances[0].Text }

// A analysisLog notes which jobs were analysed, as "<text> <attempt>".
type analysisLog struct {
	mu    sync.Mutex
	notes []string
	at    []time.Time
}

func (j *analysisLog) note(t jobs.Task) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.notes = append(j.notes, fmt.Sprintf("%s %d", text(t), t.Attempt))
	j.at = append(j.at, time.Now())
}

// of returns an Analyzer that notes each job before a does.
func (j *analysisLog) of(a jobs.Analyzer) analyze {
	return func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
		j.note(t)
		return a.Analyze(ctx, t)
	}
}

func (j *analysisLog) read() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.notes)
}

// once returns the notes of texts that were analysed once each.
func once(texts []string) []string {
	var notes []string
	for _, s := range texts {
		notes = append(notes, s+" 1")
	}
	return notes
}

// A bell counts rings.
type bell struct {
	mu    sync.Mutex
	rings []ring
}

type ring struct {
	Shard int
	Wake  lane.Wake
}

func (b *bell) Ring(_ context.Context, shard int, w lane.Wake) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if w != (lane.Wake{}) {
		b.rings = append(b.rings, ring{shard, w})
	}
}

// heard returns the rings since it was last asked.
func (b *bell) heard() []ring {
	b.mu.Lock()
	defer b.mu.Unlock()
	rings := b.rings
	b.rings = nil
	return rings
}

// A meter counts what a Meter is told.
// A use is what an account has used.
type use struct {
	bytes  int
	worked time.Duration
}

type meter struct {
	mu                        sync.Mutex
	submitted, retried, stale int
	mended                    int
	finished                  map[jobs.Status]int
	refused                   map[jobs.Limit]int
	claims                    map[bool]int
	figures                   []time.Duration // wait, run and total of each job
	used                      map[string]use  // by account
}

func newMeter() *meter {
	return &meter{finished: map[jobs.Status]int{}, refused: map[jobs.Limit]int{}, claims: map[bool]int{}, used: map[string]use{}}
}

func (m *meter) JobSubmitted()           { m.with(func() { m.submitted++ }) }
func (m *meter) JobRefused(l jobs.Limit) { m.with(func() { m.refused[l]++ }) }
func (m *meter) AccountSent(account string, n int) {
	m.with(func() { m.used[account] = use{m.used[account].bytes + n, m.used[account].worked} })
}

func (m *meter) AccountAsked(string) {}

func (m *meter) AccountWorked(account string, d time.Duration) {
	m.with(func() { m.used[account] = use{m.used[account].bytes, m.used[account].worked + d} })
}
func (m *meter) JobRetried()                   { m.with(func() { m.retried++ }) }
func (m *meter) StaleRefused(lane.Kind)        { m.with(func() { m.stale++ }) }
func (m *meter) LaneMended(lane.Kind)          { m.with(func() { m.mended++ }) }
func (m *meter) Claimed(_ lane.Kind, got bool) { m.with(func() { m.claims[got]++ }) }
func (m *meter) JobFinished(s jobs.Status, wait, run, total time.Duration) {
	m.with(func() {
		m.finished[s]++
		m.figures = append(m.figures, wait, run, total)
	})
}

func (m *meter) with(fn func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fn()
}

// done returns how many jobs are finished.
func (m *meter) done() (n int) {
	m.with(func() { n = m.finished[jobs.Completed] + m.finished[jobs.Failed] })
	return n
}

var errBusy = errors.New("the model is busy")
