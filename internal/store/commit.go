package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// Commit implements [jobs.Lanes].
func (s *Store) Commit(ctx context.Context, shard int, done []jobs.Done, want jobs.Want) (jobs.Committed, error) {
	step := "commit to lanes of shard " + strconv.Itoa(shard)
	outcomes := make([]jobs.Outcome, len(done))
	var sent []int // which of done
	var claims, effects []any
	now := time.Now()
	for i, d := range done {
		args, err := s.appendDone(effects, d, want.Jobs, now)
		if err != nil {
			outcomes[i].Err = err
			continue
		}
		effects, sent = args, append(sent, i)
		if id := any(d.Claim.ID); !slices.Contains(claims, id) {
			claims = append(claims, id)
		}
	}
	if len(sent) == 0 {
		return jobs.Committed{Outcomes: outcomes}, nil
	}
	fresh := newClaimID(s.process)
	args := append([]any{fresh, ms(s.opts.Lease), want.Lanes, want.Jobs, ms(s.opts.Retention), len(sent), len(claims)}, claims...)
	r, err := s.run(ctx, commitJobs, step, shardJobs(keysOf(shard)), append(args, effects...)...)
	if err != nil {
		if want.Jobs > 0 {
			s.noteUnconfirmed(place{lane.Append, shard}, fresh, err)
		}
		return jobs.Committed{}, err
	}
	c := jobs.Committed{Outcomes: outcomes}
	for n, i := range sent {
		outcomes[i] = r.list(6).outcome(n, done[i].Claim, r.time(2))
	}
	c.Claims, c.Wake, err = r.granted(step, shard)
	return c, err
}

// outcome reads what became of the nth lane of a commit.
func (r reply) outcome(n int, c *jobs.Claim, at time.Time) jobs.Outcome {
	if again := r.list(n); again != nil {
		return jobs.Outcome{Err: jobs.ErrOutdated, Outdated: again.claim(c.ID, c.Shard, at)}
	}
	switch result := r.text(n); result {
	case "c":
		return jobs.Outcome{}
	case "s":
		return jobs.Outcome{Err: lane.ErrStale}
	default:
		return jobs.Outcome{Err: fmt.Errorf("commit to conversation %s: %w", c.Key, errors.New(result))}
	}
}

// appendDone appends the arguments that commit_jobs wants of a lane.
func (s *Store) appendDone(args []any, d jobs.Done, jobsWanted int, now time.Time) ([]any, error) {
	c, stay := d.Claim, 0
	if d.Stay {
		stay = jobsWanted
	}
	args = append(args, member(c.Account, c.Key), c.ID, len(c.Jobs), c.MembersVersion, stay, len(d.Effects))
	for i, e := range d.Effects {
		var err error
		if args, err = s.appendEffect(args, e, c.Jobs[i].Job, now); err != nil {
			return nil, &jobs.UnstorableError{Index: i, Err: err}
		}
	}
	return args, nil
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
