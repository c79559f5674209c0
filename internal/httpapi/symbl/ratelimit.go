package symbl

import (
	"context"
	"errors"
	"strconv"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
)

// Slots counts the unfinished jobs of an account that has a limit. Of one that
// has very many they are not known.
type Slots interface {
	Unfinished(ctx context.Context, account string) (n int, known bool, err error)
}

// withRateLimit serves a submission and says beside the answer how many more the
// account may make. An account without a limit is told nothing, nor is one
// whose jobs cannot be counted just now: a job that was accepted stays so.
func (h *handlers) withRateLimit(submit edge.HandlerFunc) edge.HandlerFunc {
	return func(ctx context.Context, x *edge.Exchange) (any, error) {
		body, err := submit(ctx, x)
		limit := x.Account.MaxConcurrentJobs
		if limit == 0 || h.Slots == nil {
			return body, err
		}
		x.Header().Set(edge.LimitHeader, strconv.Itoa(limit))
		if _, full := errors.AsType[*jobs.ConcurrencyError](err); full {
			x.Header().Set(edge.RemainingHeader, "0")
			return body, err
		}
		if n, known, failed := h.Slots.Unfinished(ctx, x.Account.ID); known && failed == nil {
			x.Header().Set(edge.RemainingHeader, strconv.Itoa(max(limit-n, 0)))
		}
		return body, err
	}
}
