package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// A lane is left after turnTime or turnJobs, so that hot lanes take turns with
// all others; a drain ends after shiftTime, so that shards do.
const (
	turnTime  = 100 * time.Millisecond
	turnJobs  = 256
	shiftTime = 300 * time.Millisecond
)

// A shift is a drain of a shard, in rounds. A round works the lanes of one claim,
// one after the other, and commits them in one step, which claims those of the
// next round.
type shift struct {
	*Runner

	shard int
	stop  context.Context //nolint:containedctx // ends the shift between jobs, not the job under way
	ends  time.Time
	lost  atomic.Bool // whether a claim was

	mu    sync.Mutex
	turns map[string]turn // of the lanes that may go on, by conversation
}

// A turn is what a lane has had of a shift without a break.
type turn struct {
	ends   time.Time
	worked int // jobs
}

// begin returns what works a claim. A lane that stays goes on with its turn.
func (s *shift) begin(c *Claim) *laneWorker {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, stays := s.turns[c.Key]
	if !stays {
		t = turn{ends: time.Now().Add(turnTime)}
	}
	return newLaneWorker(s, c, t)
}

// keepTurns notes the turns of lanes that may go on, instead of those before.
func (s *shift) keepTurns(lanes []*laneWorker) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turns = make(map[string]turn, len(lanes))
	for _, l := range lanes {
		s.turns[l.claim.Key] = l.turnAfter()
	}
}

// keepTurn notes the turn of one lane more.
func (s *shift) keepTurn(conversation string, t turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turns == nil {
		s.turns = map[string]turn{}
	}
	s.turns[conversation] = t
}

// want says what to claim at the end of a round.
func (s *shift) want() Want {
	if s.stop.Err() != nil {
		return Want{}
	}
	w := s.Runner.want()
	if time.Now().After(s.ends) {
		w.Lanes = 0
	}
	return w
}

// commit stores what is done in lanes, and returns the claims to go on with. Its
// time limit is that of the lease, whatever becomes of ctx: what was worked under
// a claim is to be stored as long as that may be in force. What takes many steps to
// store has more time; its lease is renewed meanwhile.
func (s *shift) commit(ctx context.Context, lanes []*laneWorker, want Want) (next []*Claim, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.opts.Lease*time.Duration(1+valuesIn(lanes)/valuesPerLease))
	defer cancel()
	for waiting := lanes; len(waiting) > 0; {
		lanes, waiting = together(waiting)
		now := want
		if len(waiting) > 0 {
			now.Lanes = 0 // lanes are claimed by the last step, once
		} else {
			want.Lanes = 0
		}
		c, failed := s.lanes.Commit(ctx, s.shard, doneIn(lanes), now)
		if failed != nil {
			return next, errors.Join(err, failed)
		}
		s.bell.Ring(ctx, s.shard, c.Wake)
		if now.Lanes > 0 || len(c.Claims) > 0 {
			s.claimed(len(c.Claims))
		}
		next = append(next, c.Claims...)
		for n, o := range c.Outcomes {
			s.meter.AccountAsked(lanes[n].claim.Account)
			outdated, claims, failed := lanes[n].committed(ctx, o)
			if outdated {
				waiting = append(waiting, lanes[n])
			}
			next, err = append(next, claims...), errors.Join(err, failed)
		}
	}
	return next, err
}

const (
	valuesPerLease = 10_000 // messages and insights that can surely be stored within a lease
	maxChanges     = 4_000  // of members that one step makes, but for those of a single lane
)

// together returns the first lanes, as many as one step may commit, and the others.
func together(lanes []*laneWorker) (some, others []*laneWorker) {
	changes := 0
	for n, l := range lanes {
		changes += l.changes()
		if n > 0 && changes > maxChanges {
			return lanes[:n:n], lanes[n:]
		}
	}
	return lanes, nil
}

// valuesIn returns how many messages and insights were found.
func valuesIn(lanes []*laneWorker) (n int) {
	for _, l := range lanes {
		for _, e := range l.done {
			n += len(e.Messages) + len(e.Insights)
		}
	}
	return n
}

func doneIn(lanes []*laneWorker) []Done {
	done := make([]Done, len(lanes))
	for n, l := range lanes {
		done[n] = Done{Claim: l.claim, Effects: l.done, Stay: l.stays()}
	}
	return done
}

// giveBack stores what is done in lanes and releases them.
func (s *shift) giveBack(ctx context.Context, lanes []*laneWorker) error {
	var done []*laneWorker
	var err error
	for _, l := range lanes {
		if len(l.done) > 0 {
			done = append(done, l)
			continue
		}
		err = errors.Join(err, s.release(ctx, l.claim))
	}
	claims, failed := s.commit(ctx, done, Want{})
	err = errors.Join(err, failed)
	for _, c := range claims { // of a lane whose next job could not be stored
		err = errors.Join(err, s.release(ctx, c))
	}
	return err
}

// release gives a lane back untouched.
func (s *shift) release(ctx context.Context, c *Claim) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.opts.Lease)
	defer cancel()
	wake, err := s.lanes.Release(ctx, c.Claim)
	if errors.Is(err, lane.ErrStale) {
		s.lose()
		return nil
	}
	if err != nil {
		return fmt.Errorf("release the lane of conversation %s: %w", c.Key, err)
	}
	s.bell.Ring(ctx, s.shard, wake)
	return nil
}

// lose counts a claim that was lost.
func (s *shift) lose() {
	s.lost.Store(true)
	s.meter.StaleRefused(lane.Append)
}

func (s *shift) finished(ctx context.Context, c *Claim, claimedAt time.Time, job Work, status Status, started, finished time.Time) {
	wait := c.At.Sub(job.AcceptedAt) + started.Sub(claimedAt)
	run := finished.Sub(started)
	total := c.At.Sub(job.AcceptedAt) + time.Since(claimedAt)
	s.meter.JobFinished(status, max(wait, 0), run, max(total, 0))
	s.log.LogAttrs(ctx, slog.LevelDebug, "job finished",
		slog.String("account", job.Account), slog.String("conversation", job.ConversationID), slog.String("job", job.ID),
		slog.Int64("sequence", job.Sequence), slog.String("status", string(status)), slog.Any("analyzers", job.Analyzers),
		slog.Duration("wait", wait), slog.Duration("run", run))
}
