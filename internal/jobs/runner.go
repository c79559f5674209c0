package jobs

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// RunnerOptions adjusts a [Runner]. The zero value is fit for production.
type RunnerOptions struct {
	Lease       time.Duration   // of a claim, the store's; 4s if zero
	Backoff     lane.Backoff    // between attempts; 1s to 1m if zero
	MaxAttempts int             // 5 if zero
	Lanes       int             // worked at once by the process, which accounts share; if zero, one may have them all
	Weights     map[string]int  // of accounts whose part of the lanes is not that of others, which have 1
	Hold        map[string]bool // accounts whose lanes are held instead of failing a job
	Batch       int             // jobs per step, of all lanes together; 32 if zero. 1 if the analyzer is slow
	Grace       time.Duration   // that a job under way has at a shutdown; 10s if zero
	Log         *slog.Logger    // discarded if nil
	Meter       Meter           // may be nil
}

// A Runner works append lanes.
type Runner struct {
	lanes    Lanes
	analyzer Analyzer
	bell     lane.Doorbell
	opts     RunnerOptions
	log      *slog.Logger
	meter    Meter
	shares   shares
	short    atomic.Int64 // short jobs so far
	pace     atomic.Int64 // ns that a job takes, about; 0 as long as that is not known
}

// NewRunner returns a Runner.
func NewRunner(lanes Lanes, analyzer Analyzer, bell lane.Doorbell, opts RunnerOptions) *Runner {
	opts.Lease = cmp.Or(opts.Lease, 4*time.Second)
	opts.Backoff.Initial = cmp.Or(opts.Backoff.Initial, time.Second)
	opts.Backoff.Max = cmp.Or(opts.Backoff.Max, time.Minute)
	opts.MaxAttempts = cmp.Or(opts.MaxAttempts, 5)
	opts.Batch = cmp.Or(opts.Batch, 32)
	opts.Grace = cmp.Or(opts.Grace, 10*time.Second)
	r := &Runner{lanes: lanes, analyzer: analyzer, bell: bell, opts: opts, log: opts.Log, meter: opts.Meter, shares: shares{lanes: opts.Lanes, weights: opts.Weights}}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if r.meter == nil {
		r.meter = noMeter{}
	}
	return r
}

// Drain works the due lanes of a shard until none is left, ctx is done, or
// its shift is over; more reports that lanes may be left. What is under way
// when ctx ends has the grace of the options; jobs not begun stay in their
// lanes.
func (r *Runner) Drain(ctx context.Context, shard int) (more bool, err error) {
	claims, err := r.claim(ctx, shard)
	if err != nil {
		return false, err
	}
	return r.Resume(ctx, shard, claims)
}

// claim claims lanes. Those that had to be mended on the way are told of. The end
// of ctx does not break it off: what it may have claimed is to be given back.
func (r *Runner) claim(ctx context.Context, shard int) ([]*Claim, error) {
	ctx = context.WithoutCancel(ctx)
	for {
		claims, wake, err := r.lanes.Claim(ctx, shard, r.want())
		mended, ok := errors.AsType[*lane.MendedError](err)
		if err != nil && !ok {
			return nil, err
		}
		r.bell.Ring(ctx, shard, wake)
		if !ok {
			r.claimed(len(claims))
			return claims, nil
		}
		r.meter.LaneMended(lane.Append)
		r.log.LogAttrs(ctx, slog.LevelError, "lane mended",
			slog.String("lane", mended.Lane), slog.Int("shard", shard), slog.String("failed_job", mended.Failed), slog.Any("err", err))
	}
}

// claimed counts what a step that was to claim lanes granted.
func (r *Runner) claimed(lanes int) {
	if lanes == 0 {
		r.meter.Claimed(lane.Append, false)
	}
	for range lanes {
		r.meter.Claimed(lane.Append, true)
	}
}

// maxLanes is how many lanes one step claims at most. More of them would hardly
// make a job cheaper for Redis, and take lanes before a second job has joined the
// first, which costs more than it saves.
const maxLanes = 8

// want returns how much to claim in one step: as many lanes as can be worked
// while the first of them waits for its commit, as long as jobs take what they
// took lately. Accounts that have their share of this process are passed over;
// whoever works for them now goes on with their other lanes, or a sweep finds these.
func (r *Runner) want() Want {
	lanes := 1
	if pace := r.pace.Load(); pace > 0 {
		lanes = int(min(max(int64(maxHold)/pace, 1), int64(min(r.opts.Batch, maxLanes))))
	}
	return Want{Lanes: lanes, Jobs: r.opts.Batch, PassOver: r.shares.full(), Weights: r.opts.Weights}
}

// To ask how long a processor worked costs two system calls, which is more than a
// short text takes. So of short jobs one in sampleOne stands for as many.
const (
	sampleOne = 16
	shortText = 4 << 10 // bytes
)

// sample returns for how many jobs the processor time of a task is to count: 0 if it
// need not be measured.
func (r *Runner) sample(t Task) int {
	if textSize(t.Input.Utterances) > shortText {
		return 1
	}
	if r.short.Add(1)%sampleOne == 1 {
		return sampleOne
	}
	return 0
}

// took notes how long a job took.
func (r *Runner) took(d time.Duration) {
	before := r.pace.Load()
	if before == 0 {
		before = int64(d)
	}
	r.pace.Store(max((7*before+int64(d))/8, 1))
}

// Resume does as Drain does, beginning with lanes that are claimed already.
func (r *Runner) Resume(ctx context.Context, shard int, claims []*Claim) (more bool, err error) {
	graced, cancel := lane.Grace(ctx, r.opts.Grace)
	defer cancel()
	s := &shift{Runner: r, shard: shard, stop: ctx, ends: time.Now().Add(shiftTime)}
	for len(claims) > 0 && err == nil {
		claims, err = s.round(graced, claims)
	}
	return err == nil && (s.lost.Load() || ctx.Err() == nil && time.Now().After(s.ends)), err
}
