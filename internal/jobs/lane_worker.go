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
	"github.com/turnwise/turnwise/internal/cputime"
	"github.com/turnwise/turnwise/internal/lane"
)

// A finished job waits no longer than maxHold for its commit, and not at all when
// the next one of its lane is large, because then nobody knows how long that takes.
const (
	maxHold  = 20 * time.Millisecond
	largeJob = 128 << 10 // bytes of text
	crowded  = 500       // changes of members after which a lane begins no other job before its commit
	manyDone = 500       // messages and insights from which their commit takes several steps
)

// A conversation has so many members, and keys that they are known by, of which a
// speaker with a name and an address has three. All of them are read and written in
// one step.
const (
	maxMembersKept = 8000
	tooMany        = "the conversation would have more than about 2,000 speakers, which is the most: begin another conversation"
)

// A laneWorker works the jobs of one claim, one after the other. The shift commits
// what it has done.
type laneWorker struct {
	*shift

	claim     *Claim
	claimedAt time.Time // when claim was received, by this process's clock
	turn      turn      // of the lane, without what is done
	resolver  *conversation.Resolver
	end       time.Time         // of the conversation, with what is done
	done      []Effect          // of the first jobs of the claim, not committed yet
	results   []analysis.Result // in these jobs
	added     int               // members, and keys of speakers, by what is done
	began     time.Time         // the job under way
	ended     bool              // the claim is: nothing is left to commit or to give back
	goesOn    bool              // the lane is claimed anew whatever its turn says
	letGo     func()            // ends the renewals of the lease
}

func newLaneWorker(s *shift, c *Claim, t turn) *laneWorker {
	l := &laneWorker{shift: s, turn: t, letGo: func() {}}
	l.take(c)
	return l
}

// take begins with a claim of the lane.
func (t *laneWorker) take(c *Claim) {
	t.claim, t.claimedAt, t.done, t.results = c, time.Now(), nil, nil
	t.end, t.added = c.ConversationEnd, 0
	t.resolver = conversation.NewResolver(c.Key)
}

// work runs jobs of the claim until it is time to commit. It returns the claims
// that the end of a job that failed brought.
func (t *laneWorker) work(ctx context.Context) (next []*Claim, err error) {
	for len(t.done) < len(t.claim.Jobs) && t.stop.Err() == nil {
		job := t.claim.Jobs[len(t.done)]
		if len(t.done) > 0 && size(job) > largeJob {
			break
		}
		effect, result, err := t.run(ctx, job)
		switch {
		case ctx.Err() != nil: // the lane is lost, or the grace is over
			return nil, t.interrupted(ctx)
		case err != nil:
			return t.fail(ctx, job, err)
		}
		t.took(effect.Finished.Sub(effect.Started))
		t.done, t.results = append(t.done, effect), append(t.results, result)
		if time.Since(t.done[0].Finished) > maxHold || t.changes() > crowded {
			break
		}
	}
	return nil, nil
}

// changes returns how many changes of members are not committed yet.
func (t *laneWorker) changes() (n int) {
	for _, e := range t.done {
		n += len(e.Members.Members) + len(e.Members.Keys)
	}
	return n
}

// isLarge reports whether so much is done that it takes several steps to commit it.
func (t *laneWorker) isLarge() bool {
	text := 0
	for n := range t.done {
		text += size(t.claim.Jobs[n])
	}
	return text > largeJob || t.changes() > crowded || valuesIn([]*laneWorker{t}) > manyDone
}

// interrupted ends the work at a job that could not be finished, because the lane
// was lost or the grace is over.
func (t *laneWorker) interrupted(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), lane.ErrStale) {
		t.ended = true
		t.lose()
		return nil
	}
	t.ended = true
	return t.giveBack(ctx, []*laneWorker{t})
}

// run analyses one job and says what it does to the conversation.
func (t *laneWorker) run(ctx context.Context, job Work) (Effect, analysis.Result, error) {
	attempt := t.attempt()
	t.began = time.Now()
	if errors.Is(job.Unreadable, ErrCancelled) {
		return Effect{}, analysis.Result{}, &PermanentError{Message: ErrCancelled.Error()}
	}
	if errors.Is(job.Unreadable, ErrMembers) { // somebody may mend them, and the text would be lost
		t.log.LogAttrs(ctx, slog.LevelError, "members unreadable", slog.String("conversation", job.ConversationID),
			slog.String("job", job.ID), slog.Int("attempt", attempt), slog.Any("err", job.Unreadable))
		return Effect{}, analysis.Result{}, ErrMembers
	}
	if job.Unreadable != nil {
		t.log.LogAttrs(ctx, slog.LevelError, "job unreadable", slog.String("job", job.ID), slog.Any("err", job.Unreadable))
		return Effect{}, analysis.Result{}, &PermanentError{Message: "what is stored of the job cannot be read"}
	}
	if attempt > t.opts.MaxAttempts {
		return Effect{}, analysis.Result{}, &PermanentError{Message: fmt.Sprintf(
			"the job was begun %d times and its worker stopped each time", attempt-1)}
	}
	result, err := t.analyze(ctx, Task{
		JobID: job.ID, ConversationID: job.ConversationID, Account: job.Account, Trace: job.Trace, Attempt: attempt,
		Input: analysis.Input{
			Account: job.Account, JobID: job.ID, AcceptedAt: job.AcceptedAt, After: t.end,
			Utterances: job.Utterances, Options: job.Options,
		},
	})
	if err != nil {
		return Effect{}, analysis.Result{}, err
	}
	effect := t.effect(job, result)
	added := len(effect.Members.Members) + len(effect.Members.Keys)
	if t.claim.MembersKept+t.added+added > maxMembersKept {
		return Effect{}, analysis.Result{}, &PermanentError{Message: tooMany}
	}
	t.added += added
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
	weight := t.sample(task)
	if weight == 0 {
		return t.analyzer.Analyze(ctx, task)
	}
	worked := cputime.Of(ctx, func(ctx context.Context) { result, err = t.analyzer.Analyze(ctx, task) })
	t.meter.AccountWorked(task.Account, time.Duration(weight)*worked)
	return result, err
}

// insightsOf returns the insights, without their phrases if these were not asked
// for, whichever analyzer found them.
func insightsOf(job Work, result analysis.Result) []analysis.Insight {
	if !job.Options.DetectPhrases {
		for i := range result.Insights {
			result.Insights[i].Phrases = nil
		}
	}
	return result.Insights
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
		JobID: job.ID, Insights: insightsOf(job, result), Members: t.resolver.Changes(), Name: job.Options.Name, Analyzers: result.Analyzers,
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

// committed books what became of the commit of what is done. It reports whether
// the members were edited meanwhile, so that it is to be made again, and returns
// claims that follow on a job that failed.
func (t *laneWorker) committed(ctx context.Context, o Outcome) (outdated bool, next []*Claim, err error) {
	unstorable, ok := errors.AsType[*UnstorableError](o.Err)
	switch {
	case o.Err == nil:
	case errors.Is(o.Err, ErrOutdated):
		t.resolveAgain(o.Outdated)
		return true, nil, nil
	case errors.Is(o.Err, lane.ErrStale):
		t.lose()
		return false, nil, nil
	case ok:
		next, err = t.failUnstorable(ctx, unstorable)
		return false, next, err
	default:
		return false, nil, o.Err
	}
	for i, e := range t.done {
		job := t.claim.Jobs[i]
		job.Analyzers = e.Analyzers
		t.finished(ctx, t.claim, t.claimedAt, job, Completed, e.Started, e.Finished)
	}
	return false, nil, nil
}

// turnAfter returns the turn with what is done.
func (t *laneWorker) turnAfter() turn {
	return turn{ends: t.turn.ends, worked: t.turn.worked + len(t.done)}
}

// stays reports whether the lane is to be claimed anew, if it has more jobs.
func (t *laneWorker) stays() bool {
	after := t.turnAfter()
	return t.goesOn || t.stop.Err() == nil && time.Now().Before(after.ends) && after.worked < turnJobs
}

// failUnstorable fails the job whose effect cannot be stored, after a commit of
// those before it. Else its lane would be tried again for ever.
func (t *laneWorker) failUnstorable(ctx context.Context, e *UnstorableError) ([]*Claim, error) {
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

// fail ends the attempt at a job. What was done before it is committed first,
// which makes it the head.
func (t *laneWorker) fail(ctx context.Context, job Work, cause error) (next []*Claim, err error) {
	attempt := t.attempt()
	t.ended = true
	if len(t.done) > 0 {
		next, err = t.toHead(ctx)
		if err != nil || len(next) == 0 || next[0].Jobs[0].ID != job.ID {
			return next, err
		}
	}
	permanent, _ := errors.AsType[*PermanentError](cause)
	f := Failure{JobID: job.ID, Reason: cause.Error(), Final: permanent != nil || attempt >= t.opts.MaxAttempts}
	f.Hold = f.Final && t.opts.Hold[job.Account] && !errors.Is(job.Unreadable, ErrCancelled)
	if !f.Final {
		f.Delay = t.opts.Backoff.Delay(attempt)
		if busy, ok := errors.AsType[*BusyError](cause); ok {
			f.Delay = max(f.Delay, busy.After)
		}
		t.meter.JobRetried()
	}
	return t.endAttempt(ctx, job, attempt, f, cause)
}

// toHead commits what is done and claims the lane anew, of which the next job is
// then the head.
func (t *laneWorker) toHead(ctx context.Context) (next []*Claim, err error) {
	turn := t.turnAfter()
	t.goesOn = true
	next, err = t.commit(ctx, []*laneWorker{t}, Want{Jobs: 1})
	if err == nil && len(next) > 0 {
		t.turn = turn
		t.take(next[0])
	}
	return next, err
}

// endAttempt says to the lanes what became of the attempt.
func (t *laneWorker) endAttempt(ctx context.Context, job Work, attempt int, f Failure, cause error) (next []*Claim, err error) {
	t.turn.worked++
	t.goesOn = false
	stay := 0
	if t.stays() {
		stay = t.opts.Batch
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.opts.Lease)
	defer cancel()
	c, wake, err := t.lanes.Fail(ctx, t.claim, f, stay)
	if errors.Is(err, lane.ErrStale) {
		t.lose()
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t.bell.Ring(ctx, t.shard, wake)
	t.log.LogAttrs(ctx, slog.LevelWarn, "job attempt failed",
		slog.String("account", job.Account), slog.String("job", job.ID), slog.Int("shard", t.shard),
		slog.Int("attempt", attempt), slog.Bool("final", f.Final), slog.Bool("held", f.Hold), slog.Duration("next_in", f.Delay), slog.Any("err", cause))
	if f.Final && !f.Hold {
		t.finished(ctx, t.claim, t.claimedAt, job, Failed, t.began, time.Now())
	}
	if c == nil {
		return nil, nil
	}
	t.claimed(1)
	t.keepTurn(c.Key, t.turn)
	return []*Claim{c}, nil
}

// attempt counts how often the next job of the claim was begun, this time
// included.
func (t *laneWorker) attempt() int {
	if len(t.done) == 0 {
		return t.claim.Attempt
	}
	return 1
}

// size returns the bytes of text of a job.
func size(job Work) int {
	return textSize(job.Utterances)
}

// textSize returns the bytes of text of messages.
func textSize(messages []analysis.Utterance) int {
	n := 0
	for _, u := range messages {
		n += len(u.Text)
	}
	return n
}
