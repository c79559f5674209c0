package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// shardJobs returns the keys that the scripts on jobs share.
func shardJobs(k shardKeys) []string {
	return []string{
		string(k), k.ready(lane.Append), k.bell(lane.Append), k.ready(lane.Deliver), k.bell(lane.Deliver),
	}
}

// Claim implements [jobs.Lanes].
func (s *Store) Claim(ctx context.Context, shard, most int) (*jobs.Claim, lane.Wake, error) {
	step := "claim a lane of shard " + strconv.Itoa(shard)
	r, err := s.run(ctx, claimJobs, step, shardJobs(keysOf(shard)), newClaimID(), ms(s.opts.Lease), most)
	if err != nil {
		return nil, lane.Wake{}, err
	}
	return r.granted(step, shard)
}

// Commit implements [jobs.Lanes].
func (s *Store) Commit(ctx context.Context, c *jobs.Claim, done []jobs.Effect, next jobs.Next) (*jobs.Claim, lane.Wake, error) {
	step := "commit to conversation " + c.Key
	k, m := keysOf(c.Shard), member(c.Account, c.Key)
	args := s.claimArgs(c, m, next)
	args = append(args, len(done))
	now := time.Now()
	for i, e := range done {
		var err error
		if args, err = appendEffect(args, e, c.Jobs[i].Job, now); err != nil {
			return nil, lane.Wake{}, err
		}
	}
	keys := append(shardJobs(k), k.queue(m), k.conversation(m), k.members(m), k.messages(m), k.insights(m))
	r, err := s.run(ctx, commitJobs, step, keys, args...)
	if err != nil {
		return nil, lane.Wake{}, err
	}
	return r.granted(step, c.Shard)
}

// Fail implements [jobs.Lanes].
func (s *Store) Fail(ctx context.Context, c *jobs.Claim, f jobs.Failure, next jobs.Next) (*jobs.Claim, lane.Wake, error) {
	step := "fail job " + f.JobID
	k, m := keysOf(c.Shard), member(c.Account, c.Key)
	reason, rest := "", []byte(nil)
	if f.Final {
		var err error
		if rest, err = encodeKept(c.Jobs[0].Job); err != nil {
			return nil, lane.Wake{}, err
		}
		reason = f.Reason
		if reason == "" {
			reason = "the job failed"
		}
	}
	args := append(s.claimArgs(c, m, next), f.JobID, reason, ms(f.Delay), rest)
	keys := append(shardJobs(k), k.queue(m), k.conversation(m))
	r, err := s.run(ctx, failJob, step, keys, args...)
	if err != nil {
		return nil, lane.Wake{}, err
	}
	return r.granted(step, c.Shard)
}

// claimArgs returns the arguments that commit_jobs and fail_job share.
func (s *Store) claimArgs(c *jobs.Claim, m string, next jobs.Next) []any {
	stay, move := 0, 0
	if next.Stay {
		stay = next.Most
	}
	if next.Move {
		move = next.Most
	}
	return []any{m, c.ID, newClaimID(), ms(s.opts.Lease), stay, move, ms(s.opts.Retention)}
}

// appendEffect appends the arguments that commit_jobs wants of one job.
func appendEffect(args []any, e jobs.Effect, job jobs.Job, now time.Time) ([]any, error) {
	job.Analyzers = e.Analyzers
	rest, err := encodeKept(job)
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
	args = append(args, e.JobID, flag(job.WebhookURL != ""), age(e.Started, now), age(e.Finished, now), rest, start, end, e.Name, metadata)
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
	}
	wake := lane.Wake{Append: r.number(6) == 1, Deliver: r.number(7) == 1}
	items := r.list(8)
	for n := range items {
		w, err := items.list(n).work(account, id)
		if err != nil {
			return nil, wake, fmt.Errorf("%s: %w", step, err)
		}
		c.Jobs = append(c.Jobs, w)
	}
	return c, wake, nil
}

func (r reply) work(account, conversationID string) (jobs.Work, error) {
	w := jobs.Work{
		Job: jobs.Job{
			ID: r.text(0), Account: account, ConversationID: conversationID,
			Sequence: r.number(1), AcceptedAt: r.time(2), Status: jobs.Scheduled,
		},
		Known: map[string]conversation.Member{},
	}
	if err := decodeBody(r.text(3), &w.Job); err != nil {
		return w, err
	}
	known := r.list(4)
	for n := 0; n+1 < len(known); n += 2 {
		var m conversation.Member
		if err := json.Unmarshal([]byte(known.text(n+1)), &m); err != nil {
			return w, fmt.Errorf("decode a member of conversation %s: %w", conversationID, err)
		}
		w.Known[known.text(n)] = m
	}
	return w, nil
}
