package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
)

// A finished job waits no longer than hold for its commit, and not at all when
// the next one is large, because then nobody knows how long that takes.
const (
	maxHold  = 20 * time.Millisecond
	largeJob = 128 << 10 // bytes of text
)

// A laneWorker is a Runner at work on lanes, one after the other.
type laneWorker struct {
	*Runner

	stop      context.Context //nolint:containedctx // ends the turn between jobs, not the job under way
	shiftEnds time.Time       // of the shift

	conversation string    // its conversation
	turnEnds     time.Time // of the turn of this lane
	worked       int       // jobs of this lane committed in its turn

	claim     *Claim
	claimedAt time.Time // when claim was received, by this process's clock
	resolver  *conversation.Resolver
	end       time.Time         // of the conversation, with what is done
	done      []Effect          // of the first jobs of the claim, not committed yet
	results   []analysis.Result // in these jobs
	began     time.Time         // the job under way
}

// take begins with a claim. A claim of another lane than before begins its turn.
func (t *laneWorker) take(c *Claim) {
	now := time.Now()
	if t.conversation != c.Key {
		t.conversation, t.turnEnds, t.worked = c.Key, now.Add(turn), 0
	}
	t.claim, t.claimedAt, t.done, t.results = c, now, nil, nil
	t.end = c.ConversationEnd
	t.resolver = conversation.NewResolver(c.Key)
}

// step runs the next job of the claim, and commits when it is time to.
func (t *laneWorker) step(ctx context.Context) error {
	job := t.claim.Jobs[len(t.done)]
	if t.stop.Err() != nil {
		return t.giveBack()
	}
	if len(t.done) > 0 && size(job) > largeJob {
		return t.commit(ctx, t.next())
	}
	effect, result, err := t.run(ctx, job)
	switch {
	case ctx.Err() != nil: // the lane is lost, or the grace is over
		return t.interrupted(ctx)
	case err != nil:
		return t.fail(ctx, job, err)
	}
	t.done, t.results = append(t.done, effect), append(t.results, result)
	if len(t.done) == len(t.claim.Jobs) || time.Since(t.done[0].Finished) > maxHold {
		return t.commit(ctx, t.next())
	}
	return nil
}

// run analyses one job and says what it does to the conversation.
func (t *laneWorker) run(ctx context.Context, job Work) (Effect, analysis.Result, error) {
	attempt := t.attempt()
	t.began = time.Now()
	if job.Unreadable != nil {
		t.log.LogAttrs(ctx, slog.LevelError, "job unreadable", slog.String("job", job.ID), slog.Any("err", job.Unreadable))
		return Effect{}, analysis.Result{}, &PermanentError{Message: "what is stored of the job cannot be read"}
	}
	if attempt > t.opts.MaxAttempts {
		return Effect{}, analysis.Result{}, &PermanentError{Message: fmt.Sprintf(
			"the job was begun %d times and its worker stopped each time", attempt-1)}
	}
	result, err := t.analyze(ctx, Task{
		JobID: job.ID, ConversationID: job.ConversationID, Account: job.Account, Attempt: attempt,
		Input: analysis.Input{
			JobID: job.ID, AcceptedAt: job.AcceptedAt, After: t.end,
			Utterances: job.Utterances, Options: job.Options,
		},
	})
	if err != nil {
		return Effect{}, analysis.Result{}, err
	}
	effect := t.effect(job, result)
	effect.Started, effect.Finished = t.began, time.Now()
	return effect, result, nil
}

// analyze turns a panic of the analyzer into a failed attempt, so that one
// poisonous text does not take the process, and all its lanes, down.
func (t *laneWorker) analyze(ctx context.Context, task Task) (result analysis.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			t.log.LogAttrs(ctx, slog.LevelError, "analysis panicked",
				slog.String("job", task.JobID), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			err = errors.New("the analysis of the text broke down")
		}
	}()
	return t.analyzer.Analyze(ctx, task)
}

func (t *laneWorker) effect(job Work, result analysis.Result) Effect {
	for key, m := range job.Members {
		t.resolver.Load(key, m)
	}
	t.resolver.Begin(job.AcceptedAt)
	members := make([]string, len(job.Utterances))
	for i, u := range job.Utterances {
		members[i] = t.resolver.Resolve(u.From)
	}
	e := Effect{
		JobID: job.ID, Insights: result.Insights, Members: t.resolver.Changes(), Name: job.Options.Name, Analyzers: result.Analyzers,
	}
	if len(job.Options.Metadata) > 0 { // some clients always send an empty one
		e.Metadata = job.Options.Metadata
	}
	e.Messages = make([]conversation.Message, len(result.Sentences))
	for i, s := range result.Sentences {
		e.Messages[i] = s.Message
		e.Messages[i].Member = members[s.Utterance]
		if s.End.After(t.end) {
			t.end = s.End
		}
	}
	return e
}

// commit stores what is done and goes on as next says. Its time limit is that of
// the lease, whatever becomes of ctx: a renewal that is refused because the
// commit has been made must not break off the wait for its reply.
func (t *laneWorker) commit(ctx context.Context, next Next) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.opts.Lease)
	defer cancel()
	c, wake, err := t.lanes.Commit(ctx, t.claim, t.done, next)
	for errors.Is(err, ErrOutdated) {
		t.resolveAgain(c)
		c, wake, err = t.lanes.Commit(ctx, t.claim, t.done, next)
	}
	if unstorable, ok := errors.AsType[*UnstorableError](err); ok {
		return t.failUnstorable(ctx, unstorable)
	}
	if err != nil {
		return err
	}
	for i, e := range t.done {
		job := t.claim.Jobs[i]
		job.Analyzers = e.Analyzers
		t.finished(ctx, job, Completed, e.Started, e.Finished)
	}
	t.worked += len(t.done)
	return t.takeNext(ctx, c, wake)
}

// failUnstorable fails the job whose effect cannot be stored, after a commit of
// those before it. Else its lane would be tried again for ever.
func (t *laneWorker) failUnstorable(ctx context.Context, e *UnstorableError) error {
	job := t.claim.Jobs[e.Index]
	t.done, t.results = t.done[:e.Index], t.results[:e.Index]
	t.log.LogAttrs(ctx, slog.LevelError, "effect unstorable", slog.String("job", job.ID), slog.Any("err", e.Err))
	return t.fail(ctx, job, &PermanentError{Message: "what the analysis found in the text cannot be stored"})
}

// resolveAgain replaces the claim by the same one with members that were edited
// meanwhile. The results stay; the speakers of the messages are resolved again.
func (t *laneWorker) resolveAgain(c *Claim) {
	jobs := t.claim.Jobs
	t.claim.MembersVersion, t.claim.Jobs = c.MembersVersion, c.Jobs[:min(len(c.Jobs), len(jobs))]
	t.resolver, t.end = conversation.NewResolver(t.claim.Key), t.claim.ConversationEnd
	for i, e := range t.done {
		t.done[i] = t.effect(t.claim.Jobs[i], t.results[i])
		t.done[i].Started, t.done[i].Finished = e.Started, e.Finished
	}
}

// takeNext goes on with the claim that was granted by the step that ended the last
// one, if any was.
func (t *laneWorker) takeNext(ctx context.Context, c *Claim, wake lane.Wake) error {
	var err error
	t.claim, err = t.claimed(ctx, t.claim.Shard, c, wake, nil)
	t.claimedAt = time.Now()
	return err
}

// fail ends the attempt at a job. What was done before it is committed first,
// which makes it the head.
func (t *laneWorker) fail(ctx context.Context, job Work, cause error) error {
	attempt := t.attempt()
	if len(t.done) > 0 {
		err := t.commit(ctx, Next{Stay: true, Most: 1})
		if err != nil || t.claim == nil || t.claim.Jobs[0].ID != job.ID {
			return err
		}
	}
	permanent, _ := errors.AsType[*PermanentError](cause)
	f := Failure{JobID: job.ID, Reason: cause.Error(), Final: permanent != nil || attempt >= t.opts.MaxAttempts}
	if !f.Final {
		f.Delay = t.opts.Backoff.Delay(attempt)
		t.meter.JobRetried()
	}
	shard := t.claim.Shard
	t.worked++
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.opts.Lease)
	defer cancel()
	c, wake, err := t.lanes.Fail(ctx, t.claim, f, t.next())
	if err != nil {
		return err
	}
	t.log.LogAttrs(ctx, slog.LevelWarn, "job attempt failed",
		slog.String("account", job.Account), slog.String("job", job.ID), slog.Int("shard", shard),
		slog.Int("attempt", attempt), slog.Bool("final", f.Final), slog.Duration("next_in", f.Delay), slog.Any("err", cause))
	if f.Final {
		t.finished(ctx, job, Failed, t.began, time.Now())
	}
	return t.takeNext(ctx, c, wake)
}

// giveBack commits the finished jobs and releases the lane, because the process is
// to stop.
func (t *laneWorker) giveBack() error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.stop), t.opts.Lease)
	defer cancel()
	if len(t.done) > 0 {
		return t.commit(ctx, Next{})
	}
	wake, err := t.lanes.Release(ctx, t.claim.Claim)
	if err != nil {
		return fmt.Errorf("release the lane of conversation %s: %w", t.claim.Key, err)
	}
	return t.takeNext(ctx, nil, wake)
}

// interrupted ends a turn whose job could not be finished, because the lane was
// lost or the grace is over.
func (t *laneWorker) interrupted(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), lane.ErrStale) {
		return lane.ErrStale
	}
	return t.giveBack()
}

// next says how to go on after a job has left the lane.
func (t *laneWorker) next() Next {
	stay := t.stop.Err() == nil && time.Now().Before(t.turnEnds) && t.worked < turnJobs
	return Next{Stay: stay, Move: t.inShift(), Most: t.opts.Batch}
}

func (t *laneWorker) inShift() bool { return t.stop.Err() == nil && time.Now().Before(t.shiftEnds) }

// attempt counts how often the next job of the claim was begun, this time
// included.
func (t *laneWorker) attempt() int {
	if len(t.done) == 0 {
		return t.claim.Attempt
	}
	return 1
}

func (t *laneWorker) finished(ctx context.Context, job Work, s Status, started, finished time.Time) {
	wait := t.claim.At.Sub(job.AcceptedAt) + started.Sub(t.claimedAt)
	run := finished.Sub(started)
	total := t.claim.At.Sub(job.AcceptedAt) + time.Since(t.claimedAt)
	t.meter.JobFinished(s, max(wait, 0), run, max(total, 0))
	t.log.LogAttrs(ctx, slog.LevelDebug, "job finished",
		slog.String("account", job.Account), slog.String("conversation", job.ConversationID), slog.String("job", job.ID),
		slog.Int64("sequence", job.Sequence), slog.String("status", string(s)), slog.Any("analyzers", job.Analyzers),
		slog.Duration("wait", wait), slog.Duration("run", run))
}

// size returns the bytes of text of a job.
func size(job Work) int {
	n := 0
	for _, u := range job.Utterances {
		n += len(u.Text)
	}
	return n
}
