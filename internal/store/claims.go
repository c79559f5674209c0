package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// putOffFor is how long a lane is left alone that cannot be claimed.
const putOffFor = time.Minute

// shardJobs returns the keys that the scripts on jobs share.
func shardJobs(k shardKeys) []string {
	return []string{
		string(k), k.ready(lane.Append), k.bell(lane.Append), k.ready(lane.Deliver), k.bell(lane.Deliver),
	}
}

// Claim implements [jobs.Lanes].
func (s *Store) Claim(ctx context.Context, shard int, want jobs.Want) ([]*jobs.Claim, lane.Wake, error) {
	step, at := "claim lanes of shard "+strconv.Itoa(shard), place{lane.Append, shard}
	id := s.unconfirmed.take(at, s.process)
	r, err := s.claimDue(ctx, at, id, step, func(judged, attempts string) (reply, error) {
		return s.run(ctx, claimJobs, step, shardJobs(keysOf(shard)),
			id, ms(s.opts.Lease), want.Lanes, want.Jobs, ms(s.opts.Retention), judged, attempts, ms(presenceInterval), turns(want))
	})
	if err != nil {
		s.noteUnconfirmed(at, id, err)
		return nil, lane.Wake{}, err
	}
	return s.granted(ctx, r, step, shard)
}

// turns is an argument of scripts that claim.
func turns(w jobs.Want) string {
	return spaced(w.PassOver, w.Weights)
}

// weighing is an argument of scripts that grant events.
func weighing(weights map[string]int) string { return spaced(nil, weights) }

// spaced returns accounts, and those that do not weigh 1 with their weights, each
// between blanks.
func spaced(accounts []string, weights map[string]int) string {
	if len(accounts)+len(weights) == 0 {
		return ""
	}
	words := slices.Clone(accounts)
	for account, weight := range weights {
		words = append(words, account+"="+strconv.Itoa(weight))
	}
	return " " + strings.Join(words, " ") + " "
}

// claimDue asks for a claim, and once more with a judgement on the claim that
// the lane was under, if the lease of that one ran out.
func (s *Store) claimDue(ctx context.Context, at place, id, step string, ask func(judged, attempts string) (reply, error)) (reply, error) {
	r, err := ask("", "")
	for range s.opts.Shards + 8 { // another one may get in between, and again
		if err != nil || r.word() != "lapsed" {
			break
		}
		a, now := parseAttempts(r.text(4)), r.number(5)
		a.lapses = append(a.lapses, lapse{claim: r.text(2), at: r.number(3)})
		a = s.resolveLapses(ctx, a, now)
		verdict := a.String()
		if at.kind == lane.Append && a.ended < s.opts.MaxAttempts && a.ended+len(a.lapses) >= s.opts.MaxAttempts {
			verdict = "" // it may have had all its attempts
		}
		r, err = ask(r.text(2), verdict)
	}
	if err != nil && !errors.Is(err, jobs.ErrUnavailable) {
		return nil, s.putOff(ctx, at, err)
	}
	if err == nil && r.word() == "mended" {
		s.unconfirmed.put(at, id) // its second run may have granted something, if the reply of the first got lost
	}
	if err == nil && r.word() == "lapsed" {
		return nil, fmt.Errorf("%s: %w", step, lane.ErrStale)
	}
	return r, err
}

// putOff leaves a lane alone for a while that cannot be claimed because of what
// is stored, so that it does not hold up the others of its shard. It returns
// the cause, with the name of the lane.
func (s *Store) putOff(ctx context.Context, at place, cause error) error {
	k := keysOf(at.shard)
	script, keys, args := putOffLane, []string{string(k), k.ready(at.kind)}, []any{ms(putOffFor)}
	if at.kind == lane.Deliver {
		script, keys, args = putOffEvent, shardEvents(k), s.granting(putOffFor)
	}
	r, err := s.run(ctx, script, "put a lane off", keys, args...)
	if err != nil || r.word() != "put_off" {
		return cause
	}
	return fmt.Errorf("lane %s cannot be claimed and is left alone for %v: %w", r.text(1), putOffFor, cause)
}

// noteUnconfirmed remembers the id of a claim that may have been granted, because
// the step that asked for it had no reply.
func (s *Store) noteUnconfirmed(at place, id string, err error) {
	if id != "" && errors.Is(err, jobs.ErrUnavailable) {
		s.unconfirmed.put(at, id)
	}
}

// Fail implements [jobs.Lanes].
func (s *Store) Fail(ctx context.Context, c *jobs.Claim, f jobs.Failure, stay int) (*jobs.Claim, lane.Wake, error) {
	step := "fail job " + f.JobID
	k, m := keysOf(c.Shard), member(c.Account, c.Key)
	reason, rest := "", []byte(nil)
	if f.Final {
		var err error
		if rest, err = encodeRetained(c.Jobs[0].Job); err != nil {
			return nil, lane.Wake{}, err
		}
		reason = f.Reason
		if reason == "" {
			reason = "the job failed"
		}
	}
	fresh := newClaimID(s.process)
	r, err := s.run(ctx, failJob, step, shardJobs(k),
		m, c.ID, fresh, ms(s.opts.Lease), stay, f.JobID, reason, ms(f.Delay), rest, s.retention(c.Jobs[0].Job), reasonOf(f), boolArg(f.Final && f.Hold))
	if err != nil {
		if stay > 0 {
			s.noteUnconfirmed(place{lane.Append, c.Shard}, fresh, err)
		}
		return nil, lane.Wake{}, err
	}
	return s.grantedOne(ctx, r, step, c.Shard)
}

// retention returns how long a job is kept when it is final, in ms: as long as
// its idempotency key is remembered at least, because it is how a repetition is
// recognised.
func (s *Store) retention(job jobs.Job) int64 {
	if job.Keyed {
		return ms(max(s.opts.Retention, keyRetention))
	}
	return ms(s.opts.Retention)
}
