package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
)

// A Store is what [Service] needs to accept jobs.
type Store interface {
	Intake
	Keys
	Slots
}

// Limits bound what is accepted.
type Limits struct {
	// Concurrent returns how many unfinished jobs an account may have; 0 means
	// any number. Nil means 0 for all.
	Concurrent func(account string) int
	// Pending is how many unfinished jobs a conversation may have; 0 means any
	// number.
	Pending int
}

// ServiceOptions adjusts a [Service]. The zero value is fit for production.
type ServiceOptions struct {
	Limits Limits
	Meter  Meter // may be nil
}

// A Service accepts appends and answers for jobs.
type Service struct {
	store  Store
	bell   lane.Doorbell
	shards int
	limits Limits
	meter  Meter
}

// NewService returns a Service over that many shards.
func NewService(store Store, bell lane.Doorbell, shards int, opts ServiceOptions) *Service {
	s := &Service{store: store, bell: bell, shards: shards, limits: opts.Limits, meter: opts.Meter}
	if s.limits.Concurrent == nil {
		s.limits.Concurrent = func(string) int { return 0 }
	}
	if s.meter == nil {
		s.meter = silent{}
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
	r, err := s.submit(ctx, a)
	for errors.Is(err, ErrIDTaken) { // another draw; once in 10^15 conversations
		r, err = s.submit(ctx, a)
	}
	return r, err
}

func (s *Service) submit(ctx context.Context, a Append) (Receipt, error) {
	r := s.newReceipt(a.ConversationID)
	if a.IdempotencyKey == "" {
		return r, s.admit(ctx, a, r)
	}
	r, first, err := s.store.BeginKey(ctx, a.Account, a.IdempotencyKey, a.Fingerprint, r)
	if err != nil || !first {
		return r, err
	}
	err = s.admit(ctx, a, r)
	switch {
	case err == nil:
		// Should this get lost, a repetition is accepted under the same ids,
		// which the store takes for what it is.
		_ = s.store.ConfirmKey(ctx, a.Account, a.IdempotencyKey)
	case !errors.Is(err, ErrUnavailable):
		// Should this get lost, the key is free again after ten seconds.
		_ = s.store.ForgetKey(ctx, a.Account, a.IdempotencyKey)
	}
	return r, err
}

func (s *Service) newReceipt(conversationID string) Receipt {
	if conversationID == "" {
		conversationID = conversation.NewID()
	}
	return Receipt{ConversationID: conversationID, JobID: NewID(lane.ShardOf(conversationID, s.shards))}
}

// admit takes the account's slot for the job, if slots are limited, and
// accepts the job.
func (s *Service) admit(ctx context.Context, a Append, r Receipt) error {
	limit := s.limits.Concurrent(a.Account)
	if limit == 0 {
		return s.accept(ctx, a, r)
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

func (s *Service) accept(ctx context.Context, a Append, r Receipt) error {
	wake, err := s.store.Accept(ctx, Job{
		ID:             r.JobID,
		Account:        a.Account,
		ConversationID: r.ConversationID,
		Status:         Scheduled,
		WebhookURL:     a.WebhookURL,
		Options:        a.Options,
		Utterances:     a.Utterances,
	}, a.ConversationID == "", s.limits.Pending)
	if err != nil {
		return err
	}
	s.meter.JobSubmitted()
	_, shard, _ := ParseID(r.JobID)
	s.bell.Ring(ctx, shard, wake)
	return nil
}

// Meter counts what happens to jobs.
type Meter interface {
	JobSubmitted()
	JobFinished(s Status, wait, run, total time.Duration)
	JobRetried()
	Claimed(k lane.Kind, granted bool)
	StaleRefused(k lane.Kind)
}

type silent struct{}

func (silent) JobSubmitted()                                                   {}
func (silent) JobFinished(Status, time.Duration, time.Duration, time.Duration) {}
func (silent) JobRetried()                                                     {}
func (silent) Claimed(lane.Kind, bool)                                         {}
func (silent) StaleRefused(lane.Kind)                                          {}
