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

	nth        int       // of the commit
	jobs       [][]any   // what is told of each job
	start, end time.Time // of the messages; zero if there are none
	name       string    // for the conversation, of the last job that has one
	metadata   []byte    // likewise, as a JSON object

	messages, insights []any // in their order
	members            []any // fields and values in turn

	staged bool // whether messages and insights are in their lists already
	people bool // whether the members are staged
}

// encodeDone encodes what can be encoded, and says of the rest why not.
func (s *Store) encodeDone(done []jobs.Done, outcomes []jobs.Outcome) []*laneDone {
	now := time.Now()
	lanes := make([]*laneDone, 0, len(done))
	for i, d := range done {
		l := &laneDone{Done: d, nth: i, jobs: make([][]any, 0, len(d.Effects))}
		for n, e := range d.Effects {
			if err := s.encodeEffect(l, e, d.Claim.Jobs[n].Job, now); err != nil {
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
	messages, insights, members := l.messages, l.insights, l.members
	if l.staged {
		args = append(args, len(messages), len(insights))
		messages, insights = nil, nil
	} else {
		args = append(args, "", "")
	}
	if l.people {
		members = nil
	}
	args = append(args, boolArg(l.people), millis(l.start), millis(l.end), l.name, l.metadata)
	for _, job := range l.jobs {
		args = append(args, job...)
	}
	for _, values := range [...][]any{messages, insights, members} {
		args = append(append(args, len(values)), values...)
	}
	return args
}

// encodeEffect encodes what one job brings, and adds it to that of its lane.
func (s *Store) encodeEffect(l *laneDone, e jobs.Effect, job jobs.Job, now time.Time) error {
	job.Analyzers = e.Analyzers
	rest, err := encodeRetained(job)
	if err != nil {
		return err
	}
	if e.Metadata != nil {
		if l.metadata, err = json.Marshal(e.Metadata); err != nil {
			return fmt.Errorf("encode the metadata of job %s: %w", e.JobID, err)
		}
	}
	if e.Name != "" {
		l.name = e.Name
	}
	l.jobs = append(l.jobs, []any{
		e.JobID, boolArg(job.WebhookURL != ""), toldOf(job), s.retention(job), age(e.Started, now), age(e.Finished, now), millis(job.AcceptedAt), rest,
		packEntry(e.JobID, job.ConversationID),
	})
	l.widen(e.Messages)
	if l.messages, err = encodeAll(l.messages, e.Messages, encodeMessage); err != nil {
		return fmt.Errorf("encode the messages of job %s: %w", e.JobID, err)
	}
	if l.insights, err = encodeAll(l.insights, e.Insights, encodeInsight); err != nil {
		return fmt.Errorf("encode the insights of job %s: %w", e.JobID, err)
	}
	l.members, err = encodeMembers(l.members, e)
	return err
}

// widen makes the span of a lane cover messages.
func (l *laneDone) widen(messages []conversation.Message) {
	for _, m := range messages {
		if l.start.IsZero() || m.Start.Before(l.start) {
			l.start = m.Start
		}
		if m.End.After(l.end) {
			l.end = m.End
		}
	}
}

func encodeInsight(i *analysis.Insight) ([]byte, error) { return json.Marshal(i) }

// encodeAll appends encoded values, each by itself.
func encodeAll[T any](args []any, values []T, encode func(*T) ([]byte, error)) ([]any, error) {
	args = slices.Grow(args, len(values))
	for i := range values {
		b, err := encode(&values[i])
		if err != nil {
			return nil, err
		}
		args = append(args, b)
	}
	return args, nil
}

// encodeMembers appends fields and values of the members that a job changes.
func encodeMembers(args []any, e jobs.Effect) ([]any, error) {
	args = slices.Grow(args, 2*(len(e.Members.Members)+len(e.Members.Keys)))
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
