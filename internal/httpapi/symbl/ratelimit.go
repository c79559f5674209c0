package symbl

import (
	"context"
	"errors"
	"strconv"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
)

// Slots counts the unfinished jobs of an account that has a limit. The number is
// not known of an account with very many.
type Slots interface {
	Unfinished(ctx context.Context, account string) (n int, known bool, err error)
}

// withRateLimit adds the limit of the account, and how many more jobs it may
// submit, to the headers of an answer. They are left out for an account without a
// limit. If the jobs cannot be counted, the number is left out, since the job was
// accepted.
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
