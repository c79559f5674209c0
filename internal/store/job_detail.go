package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// maxReason is how many bytes of the reason of a failed attempt are kept.
const maxReason = 500

// JobDetail returns all that is known of a job of the account's, or
// [jobs.ErrNotFound].
func (s *Store) JobDetail(ctx context.Context, account, id string) (d jobs.Detail, err error) {
	if d.Job, err = s.Job(ctx, account, id); err != nil {
		return d, err
	}
	_, shard, _ := jobs.ParseID(d.ID)
	k, m := keysOf(shard), member(account, d.ConversationID)
	var failures *redis.StringSliceCmd
	var packed *redis.StringCmd
	var due *redis.FloatCmd
	err = retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		failures = pipe.LRange(ctx, k.failures(member(account, d.ID)), 0, -1)
		packed = pipe.Get(ctx, k.state(lane.Append, m))
		due = pipe.ZScore(ctx, k.lanes(lane.Append, account), m)
		_, err := pipe.Exec(ctx)
		if errors.Is(err, redis.Nil) && failures.Err() == nil { // the lane is gone, or idle
			err = nil
		}
		return err
	})
	if err != nil {
		return d, fault("read the lane of job "+d.ID, err)
	}
	for _, text := range failures.Val() {
		at, reason, _ := strings.Cut(text, " ")
		d.Failures = append(d.Failures, jobs.AttemptFailure{At: instant(at), Reason: reason})
	}
	d.Attempts = len(d.Failures)
	placeInLane(&d, packed.Val(), due)
	return d, nil
}

// placeInLane says where an unfinished job stands in its lane, and how often it was
// attempted. Due is when the lane is, or under which lease until when.
func placeInLane(d *jobs.Detail, packed string, due *redis.FloatCmd) {
	s := parseState(packed)
	if d.Status.Final() || s.settled >= d.Sequence || s.accepted < d.Sequence {
		return
	}
	d.Ahead, d.Behind = d.Sequence-s.settled-1, s.accepted-d.Sequence
	if d.Ahead > 0 {
		return
	}
	d.Attempts = max(d.Attempts, parseAttempts(s.attempts).ended)
	if d.Attempts > 0 && !s.held() && due.Err() == nil {
		d.NextAt = time.UnixMilli(int64(due.Val())).UTC()
	}
}

// held reports whether a lane is under a claim.
func (s laneState) held() bool { return s.claim != "" && !strings.HasPrefix(s.claim, "-") }

// reasonOf returns a reason as it is kept: in one piece of bounded length.
func reasonOf(f jobs.Failure) string {
	return strings.ToValidUTF8(f.Reason[:min(len(f.Reason), maxReason)], "")
}
