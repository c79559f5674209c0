package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// A Store is what [Service] needs to accept jobs.
type Store interface {
	Intake
	Keys
	Slots
	Backlog
}

// Limits bound what is accepted.
type Limits struct {
	// Concurrent returns how many unfinished jobs an account may have; 0 means
	// any number. Nil means 0 for all. It holds exactly, at the price of a step of
	// the store for each job.
	Concurrent func(account string) int
	// Backlog returns about how many unfinished jobs an account may have of which
	// Concurrent says nothing; 0 means any number. Nil means 0 for all.
	Backlog func(account string) int
	// Pending is how many unfinished jobs a conversation may have; 0 means any
	// number.
	Pending int
}

// ServiceOptions adjusts a [Service]. The zero value is fit for production.
type ServiceOptions struct {
	Limits Limits
	Meter  Meter // may be nil
	Trace  Trace // nil if nothing is traced

	// LocalSlots, if not nil, lets jobs be worked by Runner in this process from
	// the step on that accepts them, which saves a round trip and a wake-up.
	LocalSlots LocalSlots
	Runner     *Runner
}

// A Trace returns the traceparent of the request that ctx is of; empty if that is
// not traced.
type Trace func(ctx context.Context) string

// LocalSlots are the slots of this process for working lanes.
type LocalSlots interface {
	// Reserve takes a slot, if one is free. The caller then calls run once:
	// with what to do in the slot, or with nil to give it back.
	Reserve(shard int) (run func(drain func(context.Context) (more bool, err error)), ok bool)
}

// A Service accepts appends and answers for jobs.
type Service struct {
	store  Store
	bell   lane.Doorbell
	shards int
	limits Limits
	queued *backlogs
	meter  Meter
	trace  Trace
	slots  LocalSlots
	runner *Runner
}

// NewService returns a Service over that many shards.
func NewService(store Store, bell lane.Doorbell, shards int, opts ServiceOptions) *Service {
	s := &Service{store: store, bell: bell, shards: shards, limits: opts.Limits, meter: opts.Meter, trace: opts.Trace, slots: opts.LocalSlots, runner: opts.Runner}
	none := func(string) int { return 0 }
	if s.limits.Concurrent == nil {
		s.limits.Concurrent = none
	}
	if s.limits.Backlog == nil {
		s.limits.Backlog = none
	}
	s.queued = &backlogs{store: store, most: s.limits.Backlog}
	if s.meter == nil {
		s.meter = noMeter{}
	}
	if s.trace == nil {
		s.trace = func(context.Context) string { return "" }
	}
	return s
}

// Job returns a job of the account's, or [ErrNotFound].
func (s *Service) Job(ctx context.Context, account, id string) (Job, error) {
	return s.store.Job(ctx, account, id)
}

// Submit accepts an append. Once it returns a receipt the append will take
// effect, exactly once. Its errors are those of errors.go; after
// [ErrUnavailable] the outcome is unknown, and repeating the request with the
// same idempotency key settles it.
func (s *Service) Submit(ctx context.Context, a Append) (Receipt, error) {
	for draw := 0; ; draw++ {
		r, err := s.submit(ctx, a, s.receipt(a, draw))
		if a.NewID == "" && errors.Is(err, ErrIDTaken) { // once in 10^15 conversations
			continue
		}
		return r, err
	}
}

func (s *Service) submit(ctx context.Context, a Append, r Receipt) (Receipt, error) {
	if a.IdempotencyKey != "" {
		before, accepted, err := s.store.BindKey(ctx, a.Account, a.IdempotencyKey, a.Fingerprint, r.JobID)
		if err != nil || accepted { // what the check looks at may have changed since
			return before, err
		}
	}
	if err := a.check(ctx); err != nil {
		return r, err
	}
	err := s.admit(ctx, a, r)
	if l := limitOf(err); l != "" {
		s.meter.JobRefused(l)
	}
	return r, err
}

// admit takes the account's slot for the job, if slots are limited, and
// accepts the job.
func (s *Service) admit(ctx context.Context, a Append, r Receipt) error {
	limit := s.limits.Concurrent(a.Account)
	if limit == 0 {
		leave, err := s.queued.enter(ctx, a.Account)
		if err != nil {
			return err
		}
		defer func() { leave(err) }() // even if it panics
		err = s.accept(ctx, a, r)
		return err
	}
	if err := s.store.TakeSlot(ctx, a.Account, r.JobID, limit); err != nil {
		return err
	}
	err := s.accept(ctx, a, r)
	if err != nil && !errors.Is(err, ErrUnavailable) {
		// Should this get lost, the slot frees itself: it has no job.
		_ = s.store.FreeSlot(ctx, a.Account, r.JobID)
	}
	return err
}

// accept accepts the job and sees to it that somebody works it: this process,
// if it has a slot free, else whoever hears the bell.
func (s *Service) accept(ctx context.Context, a Append, r Receipt) error {
	_, shard, _ := ParseID(r.JobID)
	work, free := s.reserve(a, shard)
	claim, wake, err := s.store.Accept(ctx, Job{
		ID:             r.JobID,
		Account:        a.Account,
		ConversationID: r.ConversationID,
		Status:         Scheduled,
		WebhookURL:     a.WebhookURL,
		WebhookEvents:  a.WebhookEvents,
		Keyed:          a.IdempotencyKey != "",
		Trace:          s.trace(ctx),
		Options:        a.Options,
		Utterances:     a.Utterances,
	}, Terms{Create: a.ConversationID == "", MaxPending: s.limits.Pending, Claim: free})
	work(claim)
	if err != nil {
		return err
	}
	s.meter.JobSubmitted()
	s.meter.AccountSent(a.Account, textSize(a.Utterances))
	s.bell.Ring(ctx, shard, wake)
	return nil
}

// reserve takes a slot of this process, if one is free and the account may have it,
// and returns what works a claim in it, or gives it back if there is none. For a long
// text it takes none, because it takes several steps to accept, one after another of its
// account, and the slot would be kept from others meanwhile.
func (s *Service) reserve(a Append, shard int) (work func(*Claim), free bool) {
	if s.slots == nil || !s.runner.shares.hasRoom(a.Account) || textSize(a.Utterances) > largeJob {
		return func(*Claim) {}, false
	}
	run, free := s.slots.Reserve(shard)
	if !free {
		return func(*Claim) {}, false
	}
	return func(c *Claim) {
		if c == nil {
			run(nil)
			return
		}
		s.meter.Claimed(lane.Append, true)
		run(func(ctx context.Context) (bool, error) { return s.runner.Resume(ctx, c.Shard, []*Claim{c}) })
	}, true
}

// A Limit is one that refuses a job, by the name of its setting.
type Limit string

// The limits.
const (
	MaxConcurrent             Limit = "max_concurrent_jobs"
	MaxPending                Limit = "max_pending_jobs"
	MaxPendingPerConversation Limit = "max_pending_per_conversation"
)

// AllLimits returns them.
func AllLimits() []Limit { return []Limit{MaxConcurrent, MaxPending, MaxPendingPerConversation} }

// limitOf returns the limit that an error reports, or none.
func limitOf(err error) Limit {
	if _, ok := errors.AsType[*ConcurrencyError](err); ok {
		return MaxConcurrent
	}
	if _, ok := errors.AsType[*AccountBacklogError](err); ok {
		return MaxPending
	}
	if _, ok := errors.AsType[*BacklogError](err); ok {
		return MaxPendingPerConversation
	}
	return ""
}

// Meter counts what happens to jobs.
type Meter interface {
	JobSubmitted()
	JobRefused(l Limit)
	AccountSent(account string, bytes int)
	AccountWorked(account string, d time.Duration)
	AccountAsked(account string) // of Redis, once
	JobFinished(s Status, wait, run, total time.Duration)
	JobRetried()
	Claimed(k lane.Kind, granted bool)
	StaleRefused(k lane.Kind)
	LaneMended(k lane.Kind)
}

type noMeter struct{}

func (noMeter) JobSubmitted()                                                   {}
func (noMeter) JobRefused(Limit)                                                {}
func (noMeter) AccountSent(string, int)                                         {}
func (noMeter) AccountWorked(string, time.Duration)                             {}
func (noMeter) AccountAsked(string)                                             {}
func (noMeter) JobFinished(Status, time.Duration, time.Duration, time.Duration) {}
func (noMeter) JobRetried()                                                     {}
func (noMeter) Claimed(lane.Kind, bool)                                         {}
func (noMeter) StaleRefused(lane.Kind)                                          {}
func (noMeter) LaneMended(lane.Kind)                                            {}
