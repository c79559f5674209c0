package jobs

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// RunnerOptions adjusts a [Runner]. The zero value is fit for production.
type RunnerOptions struct {
	Lease       time.Duration // of a claim, the store's; 4s if zero
	Backoff     lane.Backoff  // between attempts; 1s to 1m if zero
	MaxAttempts int           // 5 if zero
	Batch       int           // jobs per claim; 32 if zero. 1 if the analyzer is slow
	Grace       time.Duration // that a job under way has at a shutdown; 10s if zero
	Log         *slog.Logger  // discarded if nil
	Meter       Meter         // may be nil
}

// A Runner works append lanes.
type Runner struct {
	lanes    Lanes
	analyzer Analyzer
	bell     lane.Doorbell
	opts     RunnerOptions
	log      *slog.Logger
	meter    Meter
}

// NewRunner returns a Runner.
func NewRunner(lanes Lanes, analyzer Analyzer, bell lane.Doorbell, opts RunnerOptions) *Runner {
	opts.Lease = cmp.Or(opts.Lease, 4*time.Second)
	opts.Backoff.Initial = cmp.Or(opts.Backoff.Initial, time.Second)
	opts.Backoff.Max = cmp.Or(opts.Backoff.Max, time.Minute)
	opts.MaxAttempts = cmp.Or(opts.MaxAttempts, 5)
	opts.Batch = cmp.Or(opts.Batch, 32)
	opts.Grace = cmp.Or(opts.Grace, 10*time.Second)
	r := &Runner{lanes: lanes, analyzer: analyzer, bell: bell, opts: opts, log: opts.Log, meter: opts.Meter}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if r.meter == nil {
		r.meter = noMeter{}
	}
	return r
}

// A lane is left after turn or turnJobs, so that hot lanes take turns with all
// others; a drain ends after shift, so that shards do.
const (
	turn     = 100 * time.Millisecond
	turnJobs = 256
	shift    = 300 * time.Millisecond
)

// Drain works the due lanes of a shard until none is left, ctx is done, or
// its shift is over; more reports that lanes may be left. What is under way
// when ctx ends has the grace of the options; jobs not begun stay in their
// lanes.
func (r *Runner) Drain(ctx context.Context, shard int) (more bool, err error) {
	c, err := r.claim(ctx, shard)
	if err != nil {
		return false, err
	}
	return r.Resume(ctx, c)
}

// claim claims a lane. Those that had to be mended on the way are told of. The end
// of ctx does not break it off: what it may have claimed is to be given back.
func (r *Runner) claim(ctx context.Context, shard int) (*Claim, error) {
	ctx = context.WithoutCancel(ctx)
	for {
		c, wake, err := r.lanes.Claim(ctx, shard, r.opts.Batch)
		mended, ok := errors.AsType[*lane.MendedError](err)
		if !ok {
			return r.claimed(ctx, shard, c, wake, err)
		}
		r.bell.Ring(ctx, shard, wake)
		r.meter.LaneMended(lane.Append)
		r.log.LogAttrs(ctx, slog.LevelError, "lane mended",
			slog.String("lane", mended.Lane), slog.Int("shard", shard), slog.String("failed_job", mended.Failed), slog.Any("err", err))
	}
}

// Resume does as Drain does, beginning with a lane that is claimed already, or
// with nil.
func (r *Runner) Resume(ctx context.Context, c *Claim) (more bool, err error) {
	over := time.Now().Add(shift)
	t := &laneWorker{Runner: r, stop: ctx, shiftEnds: over}
	for c != nil && err == nil {
		c, err = r.work(ctx, c, t)
	}
	if errors.Is(err, lane.ErrStale) {
		r.meter.StaleRefused(lane.Append)
		return true, nil
	}
	return err == nil && ctx.Err() == nil && time.Now().After(over), err
}

// claimed books what a step that may claim a lane returned.
func (r *Runner) claimed(ctx context.Context, shard int, c *Claim, w lane.Wake, err error) (*Claim, error) {
	if err != nil {
		return nil, err
	}
	r.bell.Ring(ctx, shard, w)
	r.meter.Claimed(lane.Append, c != nil)
	return c, nil
}

// work works what a claim holds, and returns the next claim, or nil.
func (r *Runner) work(ctx context.Context, c *Claim, t *laneWorker) (*Claim, error) {
	graced, cancel := lane.Grace(ctx, r.opts.Grace)
	defer cancel()
	held, letGo := lane.Hold(graced, r.opts.Lease, func(ctx context.Context) error {
		return r.lanes.Renew(ctx, c.Claim)
	})
	defer letGo()

	t.take(c)
	for t.claim == c {
		if err := t.step(held); err != nil {
			if errors.Is(err, context.Canceled) && errors.Is(context.Cause(held), lane.ErrStale) {
				return nil, lane.ErrStale // which broke the step off
			}
			return nil, err
		}
	}
	return t.claim, nil
}
