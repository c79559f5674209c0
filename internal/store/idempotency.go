package store

import (
	"context"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// How long an idempotency key is remembered, and after how long a request that
// was neither accepted nor refused counts as lost.
const (
	keyRemembered = 24 * time.Hour
	keyTakenOver  = 10 * time.Second
)

// BeginKey implements [jobs.Keys].
func (s *Store) BeginKey(ctx context.Context, account, key, fingerprint string, r jobs.Receipt) (jobs.Receipt, bool, error) {
	const step = "bind the idempotency key"
	got, err := s.run(ctx, beginKey, step, []string{idempotencyKey(account, key)},
		fingerprint, r.ConversationID, r.JobID, ms(keyRemembered), ms(keyTakenOver))
	if err != nil {
		return jobs.Receipt{}, false, err
	}
	bound := jobs.Receipt{ConversationID: got.text(1), JobID: got.text(2)}
	switch got.word() {
	case "first":
		return bound, true, nil
	case "accepted":
		return bound, false, nil
	case "in_flight":
		return jobs.Receipt{}, false, jobs.ErrKeyInFlight
	case "reused":
		return jobs.Receipt{}, false, jobs.ErrKeyReused
	}
	return jobs.Receipt{}, false, got.unexpected(step)
}

// ConfirmKey implements [jobs.Keys].
func (s *Store) ConfirmKey(ctx context.Context, account, key string) error {
	_, err := s.run(ctx, confirmKey, "confirm the idempotency key", []string{idempotencyKey(account, key)})
	return err
}

// ForgetKey implements [jobs.Keys].
func (s *Store) ForgetKey(ctx context.Context, account, key string) error {
	_, err := s.run(ctx, forgetKey, "forget the idempotency key", []string{idempotencyKey(account, key)})
	return err
}
