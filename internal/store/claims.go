package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
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
func (s *Store) Claim(ctx context.Context, shard, most int) (*jobs.Claim, lane.Wake, error) {
	step, at := "claim a lane of shard "+strconv.Itoa(shard), place{lane.Append, shard}
	id := s.unconfirmed.take(at, s.process)
	r, err := s.claimDue(ctx, at, id, step, func(judged, attempts string) (reply, error) {
		return s.run(ctx, claimJobs, step, shardJobs(keysOf(shard)),
			id, ms(s.opts.Lease), most, ms(s.opts.Retention), judged, attempts, ms(presenceInterval))
	})
	if err != nil {
		s.noteUnconfirmed(at, id, err)
		return nil, lane.Wake{}, err
	}
	return r.granted(step, shard)
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

// Commit implements [jobs.Lanes].
func (s *Store) Commit(ctx context.Context, c *jobs.Claim, done []jobs.Effect, next jobs.Next) (*jobs.Claim, lane.Wake, error) {
	step := "commit to conversation " + c.Key
	k, m := keysOf(c.Shard), member(c.Account, c.Key)
	fresh := newClaimID(s.process)
	args := s.claimArgs(c, fresh, m, next)
	args = append(args, len(c.Jobs), c.MembersVersion, len(done))
	now := time.Now()
	for i, e := range done {
		var err error
		if args, err = s.appendEffect(args, e, c.Jobs[i].Job, now); err != nil {
			return nil, lane.Wake{}, &jobs.UnstorableError{Index: i, Err: err}
		}
	}
	keys := append(shardJobs(k), k.queue(m), k.conversation(m), k.members(m), k.messages(m), k.insights(m))
	r, err := s.run(ctx, commitJobs, step, keys, args...)
	if err != nil {
		s.noteNextUnconfirmed(c, fresh, next, err)
		return nil, lane.Wake{}, err
	}
	if r.word() == "outdated" {
		r[0] = "granted"
		again, _, err := r.granted(step, c.Shard)
		return again, lane.Wake{}, cmp.Or(err, jobs.ErrOutdated)
	}
	return r.granted(step, c.Shard)
}

// noteNextUnconfirmed is noteUnconfirmed for the claim that may follow on c.
func (s *Store) noteNextUnconfirmed(c *jobs.Claim, fresh string, next jobs.Next, err error) {
	if next.Stay || next.Move {
		s.noteUnconfirmed(place{lane.Append, c.Shard}, fresh, err)
	}
}

// Fail implements [jobs.Lanes].
func (s *Store) Fail(ctx context.Context, c *jobs.Claim, f jobs.Failure, next jobs.Next) (*jobs.Claim, lane.Wake, error) {
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
	args := append(s.claimArgs(c, fresh, m, next), f.JobID, reason, ms(f.Delay), rest, s.retention(c.Jobs[0].Job))
	keys := append(shardJobs(k), k.queue(m), k.conversation(m))
	r, err := s.run(ctx, failJob, step, keys, args...)
	if err != nil {
		s.noteNextUnconfirmed(c, fresh, next, err)
		return nil, lane.Wake{}, err
	}
	return r.granted(step, c.Shard)
}

// claimArgs returns the arguments that commit_jobs and fail_job share.
func (s *Store) claimArgs(c *jobs.Claim, fresh, m string, next jobs.Next) []any {
	stay, move := 0, 0
	if next.Stay {
		stay = next.Most
	}
	if next.Move {
		move = next.Most
	}
	return []any{m, c.ID, fresh, ms(s.opts.Lease), stay, move, ms(s.opts.Retention)}
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

// appendEffect appends the arguments that commit_jobs wants of one job.
func (s *Store) appendEffect(args []any, e jobs.Effect, job jobs.Job, now time.Time) ([]any, error) {
	job.Analyzers = e.Analyzers
	rest, err := encodeRetained(job)
	if err != nil {
		return nil, err
	}
	var metadata []byte
	if e.Metadata != nil {
		if metadata, err = json.Marshal(e.Metadata); err != nil {
			return nil, fmt.Errorf("encode the metadata of job %s: %w", e.JobID, err)
		}
	}
	start, end := span(e.Messages)
	args = append(args, e.JobID, boolArg(job.WebhookURL != ""), s.retention(job), age(e.Started, now), age(e.Finished, now), rest, start, end, e.Name, metadata)
	if args, err = appendJSON(args, e.Messages); err != nil {
		return nil, fmt.Errorf("encode the messages of job %s: %w", e.JobID, err)
	}
	if args, err = appendJSON(args, e.Insights); err != nil {
		return nil, fmt.Errorf("encode the insights of job %s: %w", e.JobID, err)
	}
	return appendMembers(args, e)
}

func appendJSON[T any](args []any, values []T) ([]any, error) {
	args = append(args, len(values))
	for i := range values {
		b, err := json.Marshal(&values[i])
		if err != nil {
			return nil, err
		}
		args = append(args, b)
	}
	return args, nil
}

func appendMembers(args []any, e jobs.Effect) ([]any, error) {
	args = append(args, 2*(len(e.Members.Members)+len(e.Members.Keys)))
	for _, m := range e.Members.Members {
		b, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("encode a member of job %s: %w", e.JobID, err)
		}
		args = append(args, "m:"+m.ID, b)
	}
	for key, id := range e.Members.Keys {
		args = append(args, key, id)
	}
	return args, nil
}

// span returns when the first message starts and the last one ends.
func span(messages []conversation.Message) (start, end string) {
	var from, to time.Time
	for _, m := range messages {
		if from.IsZero() || m.Start.Before(from) {
			from = m.Start
		}
		if m.End.After(to) {
			to = m.End
		}
	}
	return millis(from), millis(to)
}

// granted reads a grant of jobs, as lib/jobs.lua describes it.
func (r reply) granted(step string, shard int) (*jobs.Claim, lane.Wake, error) {
	switch r.word() {
	case "stale":
		return nil, lane.Wake{}, lane.ErrStale
	case "idle":
		return nil, lane.Wake{Append: r.number(1) == 1, Deliver: r.number(2) == 1}, nil
	case "mended":
		wake := lane.Wake{Append: r.number(3) == 1, Deliver: r.number(4) == 1}
		return nil, wake, &lane.MendedError{Lane: r.text(1), Failed: r.text(2)}
	case "granted":
	default:
		return nil, lane.Wake{}, r.unexpected(step)
	}
	account, id := splitMember(r.text(1))
	c := &jobs.Claim{
		Claim: lane.Claim{
			Kind: lane.Append, Shard: shard, Account: account, Key: id,
			ID: r.text(2), Attempt: int(r.number(3)),
		},
		At:              r.time(4),
		ConversationEnd: r.time(5),
		MembersVersion:  int(r.number(8)),
	}
	items := r.list(9)
	for n := range items {
		c.Jobs = append(c.Jobs, items.list(n).work(account, id))
	}
	return c, lane.Wake{Append: r.number(6) == 1, Deliver: r.number(7) == 1}, nil
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
	if w.Unreadable = decodeBody(r.text(3), &w.Job); w.Unreadable != nil {
		return w
	}
	known := r.list(4)
	for n := 0; n+1 < len(known); n += 2 {
		var m conversation.Member
		if err := json.Unmarshal([]byte(known.text(n+1)), &m); err != nil {
			w.Unreadable = fmt.Errorf("decode a member of conversation %s: %w", conversationID, err)
			return w
		}
		w.Members[known.text(n)] = m
	}
	return w
}
