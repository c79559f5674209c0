package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/go-json-experiment/json"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/script"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Twice makes the store run every script twice, as if the first reply had got
// lost, and fails the test unless the second reply says the same.
func (s *Store) Twice(t testing.TB) *Store {
	s.scripts = twice{s.scripts, t}
	return s
}

// WithoutJobIndex makes the store accept, claim and commit by scripts that keep no index
// of jobs, so that what it costs can be told.
func (s *Store) WithoutJobIndex() *Store {
	all := fstest.MapFS{}
	_ = fs.WalkDir(luaFiles, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, _ := luaFiles.ReadFile(name) // it is there
			all[name] = &fstest.MapFile{Data: text}
		}
		return err
	})
	all["lua/lib/listed.lua"].Data = []byte(`
local SCHEDULED, IN_PROGRESS, COMPLETED, FAILED = "1", "2", "3", "4"
local function list_job() end
local function list_completed() end
local function write_listed() end
`)
	set := script.NewSet(all, "lua")
	twins := map[*script.Script]*script.Script{}
	for of, name := range map[*script.Script]string{acceptJobs: "accept_jobs", claimJobs: "claim_jobs", commitJobs: "commit_jobs"} {
		twins[of] = set.Script(name, "base", "lane", "endpoints", "state", "listed", "jobs")
	}
	s.scripts = replaced{script.NewRunner(s.rdb, set, s.opts.Log), twins}
	return s
}

// replaced runs others in the place of some scripts.
type replaced struct {
	runner
	twins map[*script.Script]*script.Script
}

func (r replaced) Run(ctx context.Context, s *script.Script, keys []string, args ...any) *redis.Cmd {
	return r.runner.Run(ctx, r.twins[s], keys, args...)
}

// Redis returns the client of the store.
func (s *Store) Redis() redis.UniversalClient { return s.rdb }

// Process returns the name of the process in its claims.
func (s *Store) Process() string { return s.process }

// Show gives a sign of life of the process.
func (s *Store) Show(ctx context.Context) error { return s.showPresence(ctx) }

// Legible returns a value of a list as JSON if it is a message that is packed.
func Legible(value string) string {
	m, err := decodeMessage(value)
	if err != nil || value[0] == '{' {
		return value
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err.Error()
	}
	return "packed " + string(text)
}

type twice struct {
	runner
	t testing.TB
}

func (d twice) Run(ctx context.Context, s *script.Script, keys []string, args ...any) *redis.Cmd {
	first := d.runner.Run(ctx, s, keys, args...)
	if first.Err() == nil {
		d.compare(first, d.runner.Run(ctx, s, keys, args...))
	}
	return first
}

func (d twice) compare(first, second *redis.Cmd) {
	a, _ := first.Slice()
	b, err := second.Slice()
	if w := reply(a).word(); w == "mended" || w == "put_off" {
		return // which is told once; what is due after that is for the second run
	}
	if err != nil || fmt.Sprint(lasting(a)) != fmt.Sprint(lasting(b)) {
		d.t.Errorf("%.60v\n replied first  %v\n replied second %v, %v", first.Args(), a, b, err)
	}
}

// lasting returns a reply without the times and the rings, which are hints.
func lasting(r reply) reply {
	changing := map[string][]int{
		"granted": {2, 3, 4}, "lapsed": {5}, "deleted": {1, 2}, "released": {1}, "steered": {1, 2}, "full": {1}, "kept": {5}, "issued": {5},
	}
	switch w := r.word(); w {
	case "done", "accepted":
		of := map[string]func(reply) reply{"done": lastingOfEvent, "accepted": lasting}[w]
		all := reply{w}
		for n := range r[1:] {
			all = append(all, of(r.list(n+1)))
		}
		return all
	case "stale": // what unlock_items says to whoever comes again
		return reply{"freed"}
	case "idle", "due", "later", "empty":
		return reply{w}
	case "bound", "held": // bind_key says to whoever comes again what holds the key
		return reply{"bound"}
	default:
		r = slices.Clone(r)
		if w == "granted" && len(r) > 9 { // of an event
			return lastingOfEvent(r)
		}
		for _, n := range changing[w] {
			if n < len(r) {
				r[n] = nil
			}
		}
		for n, result := range r.list(6) { // of a commit: why not, in other words the second time
			if why, ok := result.(string); ok && len(why) > 1 {
				r.list(6)[n] = "e"
			}
		}
		return r
	}
}

// lastingOfEvent is lasting for a reply about an event. The grant of the next
// event of a lane comes again as that of any other.
func lastingOfEvent(r reply) reply {
	switch r.word() {
	case "granted":
		return append(reply{"granted", r.text(3), r.number(4)}, r[11:]...)
	case "next":
		return append(reply{"granted", r.text(2), int64(1)}, r[4:]...)
	}
	return reply{r.word()}
}

// LoseReplies makes the replies of the next scripts get lost, after Redis has
// run them.
func (s *Store) LoseReplies(n int) {
	if _, already := s.scripts.(*losing); !already {
		s.scripts = &losing{runner: s.scripts}
	}
	s.scripts.(*losing).n = n
}

type losing struct {
	runner
	n int
}

func (l *losing) Run(ctx context.Context, s *script.Script, keys []string, args ...any) *redis.Cmd {
	return l.lose(ctx, l.runner.Run(ctx, s, keys, args...))
}

func (l *losing) lose(ctx context.Context, cmd *redis.Cmd) *redis.Cmd {
	if l.n == 0 || cmd.Err() != nil {
		return cmd
	}
	l.n--
	lost := redis.NewCmd(ctx, cmd.Args()...)
	lost.SetErr(io.ErrUnexpectedEOF)
	return lost
}

// Fault wraps an error of Redis as the steps do.
func Fault(step string, err error) error { return fault(step, err) }

// Next says what a step that ends one claim is to claim.
type Next struct {
	Stay bool // the same lane, if it has more jobs
	Move bool // another lane
	Most int  // jobs at most
}

// ClaimOne claims one lane.
func (s *Store) ClaimOne(ctx context.Context, shard, most int) (*jobs.Claim, lane.Wake, error) {
	claims, wake, err := s.Claim(ctx, shard, jobs.Want{Lanes: 1, Jobs: most})
	return one(claims), wake, err
}

// CommitOne ends one claim, and claims one lane at most.
func (s *Store) CommitOne(ctx context.Context, c *jobs.Claim, done []jobs.Effect, next Next) (*jobs.Claim, lane.Wake, error) {
	want := jobs.Want{Jobs: next.Most}
	if next.Move {
		want.Lanes = 1
	}
	r, err := s.Commit(ctx, c.Shard, []jobs.Done{{Claim: c, Effects: done, Stay: next.Stay}}, want)
	if err == nil && len(r.Outcomes) > 0 {
		err = r.Outcomes[0].Err
	}
	if errors.Is(err, jobs.ErrOutdated) {
		return r.Outcomes[0].Outdated, r.Wake, err
	}
	return one(r.Claims), r.Wake, err
}

// FailOne ends an attempt, and claims the same lane or none.
func (s *Store) FailOne(ctx context.Context, c *jobs.Claim, f jobs.Failure, next Next) (*jobs.Claim, lane.Wake, error) {
	stay := 0
	if next.Stay {
		stay = next.Most
	}
	return s.Fail(ctx, c, f, stay)
}

func one(claims []*jobs.Claim) *jobs.Claim {
	if len(claims) == 0 {
		return nil
	}
	return claims[0]
}

// Together makes steps about events of a shard in one call of a script: each
// request ends the run of attempts at a claim, if there is one, and claims an
// event if it has next. It returns what each was answered.
func (s *Store) Together(ctx context.Context, shard int, requests ...EventStep) ([]EventAnswer, error) {
	all := make([]eventRequest, len(requests))
	for n, r := range requests {
		all[n] = eventRequest{fresh: newClaimID(s.process)}
		if r.Claim != nil {
			var err error
			if all[n], err = s.settlement(r.Claim, r.Run, r.Next); err != nil {
				return nil, err
			}
		}
	}
	replies, err := s.settleAll(ctx, shard, all)
	answers := make([]EventAnswer, len(replies))
	for n, r := range replies {
		answers[n].Word = r.word()
		switch answers[n].Word {
		case "next":
			answers[n].Claim = r.nextEvent(requests[n].Claim)
		case "granted":
			answers[n].Claim, answers[n].Wake, _ = r.grantedEvent("step", shard)
		}
		answers[n].Wake.Deliver = r.number(1) == 1
	}
	return answers, err
}

// An EventStep is a request of [Store.Together].
type EventStep struct {
	Claim *webhook.Claim
	Run   []webhook.Settlement
	Next  bool
}

// An EventAnswer is what one of them was answered.
type EventAnswer struct {
	Word  string
	Claim *webhook.Claim
	Wake  lane.Wake
}

// AcceptTogether accepts jobs of a shard in one call of a script. It returns what
// each was answered, and what was granted to it.
func (s *Store) AcceptTogether(ctx context.Context, shard int, arrivals ...Arrival) ([]ArrivalAnswer, error) {
	all := make([]acceptRequest, len(arrivals))
	for n, a := range arrivals {
		var err error
		if all[n], err = s.arrival(a.Job, a.Terms); err != nil {
			return nil, err
		}
	}
	replies, err := s.acceptAll(ctx, shard, all)
	answers := make([]ArrivalAnswer, len(replies))
	for n, r := range replies {
		answers[n].Word = r.word()
		if r.word() == "granted" {
			answers[n].Claim, answers[n].Wake, _ = s.grantedOne(ctx, r, "step", shard)
		}
	}
	return answers, err
}

// An Arrival is a request of [Store.AcceptTogether].
type Arrival struct {
	Job   jobs.Job
	Terms jobs.Terms
}

// An ArrivalAnswer is what one of them was answered.
type ArrivalAnswer struct {
	Word  string
	Claim *jobs.Claim
	Wake  lane.Wake
}

// Gate makes the next n scripts wait until it is opened. Those after them do not.
// It returns how many scripts were begun, too.
func (s *Store) Gate(n int64) (open func(), begun *atomic.Int64) {
	g := &gate{runner: s.scripts, n: n, opened: make(chan struct{})}
	s.scripts = g
	return func() { close(g.opened) }, &g.begun
}

type gate struct {
	runner
	n      int64
	opened chan struct{}
	begun  atomic.Int64
}

func (g *gate) Run(ctx context.Context, s *script.Script, keys []string, args ...any) *redis.Cmd {
	if g.begun.Add(1) <= g.n {
		<-g.opened
	}
	return g.runner.Run(ctx, s, keys, args...)
}

// StageOnly does what comes before the commit of a job that brings more than one
// step may store, and not that.
func (s *Store) StageOnly(ctx context.Context, c *jobs.Claim, e jobs.Effect) error {
	outcomes := make([]jobs.Outcome, 1)
	lanes := s.encodeDone([]jobs.Done{{Claim: c, Effects: []jobs.Effect{e}}}, outcomes)
	_, err := s.stage(ctx, lanes, outcomes)
	return errors.Join(err, outcomes[0].Err)
}

// DieAfter returns a context that ends after so many scripts, which are the last
// ones of the store.
func (s *Store) DieAfter(ctx context.Context, n int) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	s.BeforeStep(n, cancel)
	return ctx
}

// BeforeStep does something before the script that comes after the next n ones.
func (s *Store) BeforeStep(n int, do func()) { s.scripts = &interrupted{s.scripts, n, do} }

type interrupted struct {
	runner
	left int
	do   func()
}

func (i *interrupted) Run(ctx context.Context, s *script.Script, keys []string, args ...any) *redis.Cmd {
	if i.left == 0 {
		i.do()
	}
	i.left--
	return i.runner.Run(ctx, s, keys, args...)
}

// JobsOfLanes returns the account's unfinished jobs, so many of each lane at most.
func (s *Store) JobsOfLanes(ctx context.Context, account string, most int) (jobs []string, err error) {
	for shard := range s.opts.Shards {
		some, _, err := s.jobsAt(ctx, account, []indexPage{{shard: shard}}, most)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, some...)
	}
	return jobs, nil
}

var (
	PackEntry   = packEntry
	UnpackEntry = unpackEntry
)

// ParseJobState returns the job of which that is the state.
func ParseJobState(text string) jobs.Job { return jobOf("", "", map[string]string{"state": text}) }
