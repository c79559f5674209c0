package jobs

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// A round works the lanes of one claim. None of them is held for the sake of the
// others: after maxHold those that are done are committed and those that were not
// begun are given back, while the job under way goes on.
type round struct {
	*shift

	early sync.WaitGroup // what is put away while a job is under way

	mu      sync.Mutex // guards what follows
	waiting []*laneWorker
	done    []*laneWorker // and not committed
	failed  error         // of what was put away
}

// round works what was claimed, and returns the claims of the next round.
func (s *shift) round(ctx context.Context, claims []*Claim) (next []*Claim, err error) {
	r := &round{shift: s}
	r.wait(claims)
	if len(claims) > 1 {
		timer := time.AfterFunc(maxHold, func() { r.putAway(ctx) })
		defer timer.Stop()
	}
	for l := r.next(); l != nil && err == nil && s.stop.Err() == nil; l = r.next() {
		claims, err = r.work(ctx, l)
		r.wait(claims)
	}
	if errors.Is(err, ErrUnavailable) { // no other step has a chance, and the leases run out
		done, _ := r.all()
		letGo(done)
	} else {
		var failed error
		next, failed = r.end(ctx)
		err = errors.Join(err, failed)
	}
	defer lane.Wait(ctx)()
	r.early.Wait()
	return next, errors.Join(err, r.failed)
}

// letGo ends the renewals of lanes.
func letGo(lanes []*laneWorker) {
	for _, l := range lanes {
		l.letGo()
	}
}

// wait puts claims in front of those that wait.
func (r *round) wait(claims []*Claim) {
	if len(claims) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	lanes := make([]*laneWorker, 0, len(claims)+len(r.waiting))
	for _, c := range claims {
		lanes = append(lanes, r.begin(c))
	}
	r.waiting = append(lanes, r.waiting...)
}

// next returns the lane to work next, which stays among those that wait until it
// is begun, or nil.
func (r *round) next() *laneWorker {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) == 0 {
		return nil
	}
	return r.waiting[0]
}

// take returns the lane that is next, if nobody has put it away.
func (r *round) take(l *laneWorker) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) == 0 || r.waiting[0] != l {
		return false
	}
	r.waiting = r.waiting[1:]
	return true
}

// work works a lane, as far as it goes without a commit, until which its lease is
// renewed; or gives it back if its account has its share already. It returns claims
// that follow on the end of a job that failed.
func (r *round) work(ctx context.Context, l *laneWorker) (next []*Claim, err error) {
	if !r.take(l) {
		return nil, nil
	}
	claim := l.claim.Claim
	end, ok := r.shares.begin(claim.Account)
	if !ok {
		return nil, r.release(ctx, l.claim)
	}
	var held context.Context
	held, l.letGo = lane.Hold(ctx, r.log, r.opts.Lease, func(ctx context.Context) error { return r.lanes.Renew(ctx, claim) })
	next, err = l.work(held)
	end()
	if l.ended {
		l.letGo()
		return next, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done = append(r.done, l)
	return next, err
}

// putAway commits what is done and gives back what was not begun. It returns at
// once.
func (r *round) putAway(ctx context.Context) {
	done, waiting := r.all()
	lanes := append(done, waiting...)
	if len(lanes) == 0 {
		return
	}
	r.early.Go(func() {
		defer letGo(lanes)
		err := r.giveBack(lane.Aside(ctx), lanes)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.failed = errors.Join(r.failed, err)
	})
}

// all takes all lanes that are done and all that wait.
func (r *round) all() (done, waiting []*laneWorker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	done, waiting = r.done, r.waiting
	r.done, r.waiting = nil, nil
	return done, waiting
}

// end commits what is done, gives back the rest, if there is any because the
// process is to stop or a step failed, and returns the claims to go on with.
func (r *round) end(ctx context.Context) (next []*Claim, err error) {
	done, waiting := r.all()
	defer letGo(done)
	if r.stop.Err() != nil || len(waiting) > 0 {
		return nil, r.giveBack(ctx, append(done, waiting...))
	}
	r.keepTurns(done)
	want := r.want()
	defer r.shares.keep(done)()
	next, err = r.commit(ctx, done, want)
	if err != nil || len(done) > 0 || want.Lanes == 0 {
		return next, err
	}
	return r.claim(ctx, r.shard) // the last one ended without a commit
}
