package store

import (
	"context"
	"errors"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// keyRetention is how long an idempotency key is remembered.
const keyRetention = 24 * time.Hour

// BindKey implements [jobs.Keys].
func (s *Store) BindKey(ctx context.Context, account, key, fingerprint, jobID string) (jobs.Receipt, bool, error) {
	const step = "bind the idempotency key"
	replaced := ""
	for {
		r, err := s.run(ctx, bindKey, step, []string{idempotencyKey(account, key)},
			fingerprint, jobID, ms(keyRetention), replaced)
		if err != nil {
			return jobs.Receipt{}, false, err
		}
		held := r.text(2)
		switch r.word() {
		case "bound":
			return jobs.Receipt{}, false, nil
		case "held":
		default:
			return jobs.Receipt{}, false, r.unexpected(step)
		}
		job, err := s.Job(ctx, account, held)
		same := r.text(1) == fingerprint
		switch {
		case err == nil && same:
			return jobs.Receipt{ConversationID: job.ConversationID, JobID: job.ID}, true, nil
		case err == nil:
			return jobs.Receipt{}, false, jobs.ErrKeyReused
		case !errors.Is(err, jobs.ErrNotFound):
			return jobs.Receipt{}, false, err
		case same && held == jobID:
			return jobs.Receipt{}, false, nil
		}
		replaced = held // that request was refused, or never got this far
	}
}
