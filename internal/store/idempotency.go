package store

import (
	"context"
	"errors"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// keyRemembered is how long an idempotency key is remembered.
const keyRemembered = 24 * time.Hour

// BindKey implements [jobs.Keys].
func (s *Store) BindKey(ctx context.Context, account, key, fingerprint, jobID string) (known bool, err error) {
	const step = "bind the idempotency key"
	replaced := ""
	for {
		r, err := s.run(ctx, bindKey, step, []string{idempotencyKey(account, key)},
			fingerprint, jobID, ms(keyRemembered), replaced)
		if err != nil {
			return false, err
		}
		switch r.word() {
		case "bound", "known":
			return r.word() == "known", nil
		case "held":
		default:
			return false, r.unexpected(step)
		}
		_, err = s.Job(ctx, account, r.text(2))
		switch {
		case err == nil:
			return false, jobs.ErrKeyReused
		case !errors.Is(err, jobs.ErrNotFound):
			return false, err
		}
		replaced = r.text(1) // that request was refused, or never got this far
	}
}
