package httpapi

import (
	"context"
	"errors"
	"strconv"

	"github.com/turnwise/turnwise/internal/jobs"
)

// How many unfinished jobs the account may have, and how many more it may have
// right now. There is no time of a reset: a place is free when a job has ended.
const (
	limitHeader     = "X-RateLimit-Limit"
	remainingHeader = "X-RateLimit-Remaining"
)

// Slots counts the unfinished jobs of an account that has a limit. Of one that
// has very many they are not known.
type Slots interface {
	Unfinished(ctx context.Context, account string) (n int, known bool, err error)
}

// counted serves a submission and says beside the answer how many more the
// account may make. An account without a limit is told nothing, nor is one
// whose jobs cannot be counted just now: a job that was accepted stays so.
func (a *API) counted(submit func(context.Context, *exchange) (any, error)) func(context.Context, *exchange) (any, error) {
	return func(ctx context.Context, x *exchange) (any, error) {
		body, err := submit(ctx, x)
		limit := x.account.MaxConcurrentJobs
		if limit == 0 || a.slots == nil {
			return body, err
		}
		x.Header().Set(limitHeader, strconv.Itoa(limit))
		if _, full := errors.AsType[*jobs.ConcurrencyError](err); full {
			x.Header().Set(remainingHeader, "0")
			return body, err
		}
		if n, known, failed := a.slots.Unfinished(ctx, x.account.ID); known && failed == nil {
			x.Header().Set(remainingHeader, strconv.Itoa(max(limit-n, 0)))
		}
		return body, err
	}
}
