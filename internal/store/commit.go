package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// Commit implements [jobs.Lanes].
func (s *Store) Commit(ctx context.Context, shard int, done []jobs.Done, want jobs.Want) (jobs.Committed, error) {
	step := "commit to lanes of shard " + strconv.Itoa(shard)
	outcomes := make([]jobs.Outcome, len(done))
	lanes := s.encodeDone(done, outcomes)
	lanes, err := s.stage(ctx, lanes, outcomes)
	if err != nil || len(lanes) == 0 {
		return jobs.Committed{Outcomes: outcomes}, err
	}
	var claims, effects []any
	for _, l := range lanes {
		effects = l.append(effects, want.Jobs)
		if id := any(l.Claim.ID); !slices.Contains(claims, id) {
			claims = append(claims, id)
		}
	}
	fresh := newClaimID(s.process)
	args := append([]any{fresh, ms(s.opts.Lease), want.Lanes, want.Jobs, ms(s.opts.Retention), len(lanes), len(claims), turns(want)}, claims...)
	r, err := s.run(ctx, commitJobs, step, shardJobs(keysOf(shard)), append(args, effects...)...)
	if err != nil {
		if want.Jobs > 0 {
			s.noteUnconfirmed(place{lane.Append, shard}, fresh, err)
		}
		return jobs.Committed{}, err
	}
	c := jobs.Committed{Outcomes: outcomes}
	for n, l := range lanes {
		outcomes[l.nth] = s.outcome(ctx, r.list(6), n, l.Claim, r.time(2))
	}
	c.Claims, c.Wake, err = s.granted(ctx, r, step, shard)
	return c, err
}

// outcome reads what became of the nth lane of a commit.
func (s *Store) outcome(ctx context.Context, r reply, n int, c *jobs.Claim, at time.Time) jobs.Outcome {
	if again := r.list(n); again != nil {
		outdated, err := s.claim(ctx, again, c.ID, c.Shard, at)
		if err != nil {
			return jobs.Outcome{Err: err}
		}
		return jobs.Outcome{Err: jobs.ErrOutdated, Outdated: outdated}
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

// A laneDone is what was done under a claim, encoded for commit_jobs.
type laneDone struct {
	jobs.Done

	nth    int // of the commit
	jobs   []jobDone
	staged bool // whether messages and insights are in their lists already
	people bool // whether the members are staged
}

// A jobDone is what a job brings: what is told of it, and values.
type jobDone struct{ head, messages, insights, members []any }

// encodeDone encodes what can be encoded, and says of the rest why not.
func (s *Store) encodeDone(done []jobs.Done, outcomes []jobs.Outcome) []*laneDone {
	now := time.Now()
	lanes := make([]*laneDone, 0, len(done))
	for i, d := range done {
		l := &laneDone{Done: d, nth: i, jobs: make([]jobDone, len(d.Effects))}
		for n, e := range d.Effects {
			if err := s.encodeEffect(&l.jobs[n], e, d.Claim.Jobs[n].Job, now); err != nil {
				outcomes[i].Err = &jobs.UnstorableError{Index: n, Err: err}
				break
			}
		}
		if outcomes[i].Err == nil {
			lanes = append(lanes, l)
		}
	}
	return lanes
}

// append appends the arguments that commit_jobs wants of a lane.
func (l *laneDone) append(args []any, jobsWanted int) []any {
	c, stay := l.Claim, 0
	if l.Stay {
		stay = jobsWanted
	}
	args = append(args, member(c.Account, c.Key), c.ID, len(c.Jobs), c.MembersVersion, stay, len(l.jobs))
	if l.staged {
		args = append(args, len(l.values(messagesOf)), len(l.values(insightsOf)), boolArg(l.people))
	} else {
		args = append(args, "", "", "")
	}
	for _, j := range l.jobs {
		args = append(args, j.head...)
		for n, values := range [...][]any{j.messages, j.insights, j.members} {
			if l.staged && n < 2 || l.people && n == 2 {
				values = nil
			}
			args = append(append(args, len(values)), values...)
		}
	}
	return args
}

// encodeEffect encodes what one job brings.
func (s *Store) encodeEffect(j *jobDone, e jobs.Effect, job jobs.Job, now time.Time) error {
	job.Analyzers = e.Analyzers
	rest, err := encodeRetained(job)
	if err != nil {
		return err
	}
	var metadata []byte
	if e.Metadata != nil {
		if metadata, err = json.Marshal(e.Metadata); err != nil {
			return fmt.Errorf("encode the metadata of job %s: %w", e.JobID, err)
		}
	}
	start, end := span(e.Messages)
	j.head = []any{
		e.JobID, boolArg(job.WebhookURL != ""), toldOf(job), s.retention(job), age(e.Started, now), age(e.Finished, now), rest, start, end, e.Name, metadata,
		packEntry(e.JobID, job.ConversationID),
	}
	if j.messages, err = encodeAll(e.Messages, encodeMessage); err != nil {
		return fmt.Errorf("encode the messages of job %s: %w", e.JobID, err)
	}
	if j.insights, err = encodeAll(e.Insights, encodeInsight); err != nil {
		return fmt.Errorf("encode the insights of job %s: %w", e.JobID, err)
	}
	j.members, err = encodeMembers(e)
	return err
}

func encodeInsight(i *analysis.Insight) ([]byte, error) { return json.Marshal(i) }

// encodeAll encodes values, each by itself.
func encodeAll[T any](values []T, encode func(*T) ([]byte, error)) ([]any, error) {
	all := make([]any, len(values))
	for i := range values {
		b, err := encode(&values[i])
		if err != nil {
			return nil, err
		}
		all[i] = b
	}
	return all, nil
}

// encodeMembers returns fields and values of the members that a job changes.
func encodeMembers(e jobs.Effect) ([]any, error) {
	args := make([]any, 0, 2*(len(e.Members.Members)+len(e.Members.Keys)))
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
