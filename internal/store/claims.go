package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/conversation"
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
			id, ms(s.opts.Lease), want.Lanes, want.Jobs, ms(s.opts.Retention), judged, attempts, ms(presenceInterval), passedOver(want))
	})
	if err != nil {
		s.noteUnconfirmed(at, id, err)
		return nil, lane.Wake{}, err
	}
	return r.granted(step, shard)
}

// passedOver is an argument of scripts that claim.
func passedOver(w jobs.Want) string {
	if len(w.PassOver) == 0 {
		return ""
	}
	return " " + strings.Join(w.PassOver, " ") + " "
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
	r, err := s.run(ctx, putOffLane, "put a lane off", []string{string(k), k.ready(at.kind)}, ms(putOffFor))
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
	keys := append(shardJobs(k), k.queue(m))
	r, err := s.run(ctx, failJob, step, keys,
		m, c.ID, fresh, ms(s.opts.Lease), stay, f.JobID, reason, ms(f.Delay), rest, s.retention(c.Jobs[0].Job))
	if err != nil {
		if stay > 0 {
			s.noteUnconfirmed(place{lane.Append, c.Shard}, fresh, err)
		}
		return nil, lane.Wake{}, err
	}
	return r.grantedOne(step, c.Shard)
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

// granted reads a grant of jobs, as lib/jobs.lua describes it.
func (r reply) granted(step string, shard int) ([]*jobs.Claim, lane.Wake, error) {
	switch r.word() {
	case "stale":
		return nil, lane.Wake{}, lane.ErrStale
	case "mended":
		wake := lane.Wake{Append: r.number(3) == 1, Deliver: r.number(4) == 1}
		return nil, wake, &lane.MendedError{Lane: r.text(1), Failed: r.text(2)}
	case "granted":
	default:
		return nil, lane.Wake{}, r.unexpected(step)
	}
	lanes := r.list(5)
	claims := make([]*jobs.Claim, len(lanes))
	for n := range lanes {
		claims[n] = lanes.list(n).claim(r.text(1), shard, r.time(2))
	}
	return claims, lane.Wake{Append: r.number(3) == 1, Deliver: r.number(4) == 1}, nil
}

// grantedOne reads a grant of one lane at most.
func (r reply) grantedOne(step string, shard int) (*jobs.Claim, lane.Wake, error) {
	claims, wake, err := r.granted(step, shard)
	if err != nil || len(claims) == 0 {
		return nil, wake, err
	}
	return claims[0], wake, nil
}

// claim reads what a grant says of one lane.
func (r reply) claim(id string, shard int, at time.Time) *jobs.Claim {
	account, key := splitMember(r.text(0))
	items := r.list(4)
	c := &jobs.Claim{
		Claim: lane.Claim{
			Kind: lane.Append, Shard: shard, Account: account, Key: key, ID: id, Attempt: int(r.number(1)),
		},
		At:              at,
		ConversationEnd: r.time(2),
		MembersVersion:  int(r.number(3)),
		MembersKept:     int(r.number(5)),
		Jobs:            make([]jobs.Work, len(items)),
	}
	for n := range items {
		c.Jobs[n] = items.list(n).work(account, key)
	}
	return c
}

// work reads one job of a grant. What cannot be read fails that job, not the
// claim.
func (r reply) work(account, conversationID string) jobs.Work {
	w := jobs.Work{
		Job: jobs.Job{
			ID: r.text(0), Account: account, ConversationID: conversationID,
			Sequence: r.number(1), AcceptedAt: r.time(2), Status: jobs.Scheduled,
		},
		Members: map[string]conversation.Member{},
	}
	_, body, _ := strings.Cut(r.text(3), "\n")
	if w.Unreadable = decodeBody(body, &w.Job); w.Unreadable != nil {
		return w
	}
	known := r.list(4)
	for n := 0; n+1 < len(known); n += 2 {
		var m conversation.Member
		if told, err := strconv.Atoi(known.text(n + 1)); err == nil {
			w.Members[known.text(n)] = w.Members[known.text(2*told-2)]
			continue
		}
		if err := json.Unmarshal([]byte(known.text(n+1)), &m); err != nil {
			w.Unreadable = fmt.Errorf("decode a member of conversation %s: %w", conversationID, err)
			return w
		}
		w.Members[known.text(n)] = m
	}
	return w
}
