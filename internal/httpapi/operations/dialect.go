// Package operations serves what people need who look after jobs: lists, counts, all
// that is known of one, and what can be done about it. No other API has these calls.
package operations

import (
	"context"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
)

// Control looks after the jobs of an account. What is unknown is [jobs.ErrNotFound].
type Control interface {
	List(ctx context.Context, account string, q jobs.Query) (jobs.Page, error)
	Count(ctx context.Context, account string) (jobs.Counts, error)
	Show(ctx context.Context, account, id string) (control.Detail, error)
	Cancel(ctx context.Context, account, id string) (control.Detail, error)
	Retry(ctx context.Context, account, id string) (jobs.Receipt, error)
}

type handlers struct{ control Control }

// Dialect returns the routes about jobs.
func Dialect(c Control) edge.Dialect {
	h := &handlers{c}
	return edge.Dialect{Routes: []edge.Route{
		edge.OK("GET /v1/jobs", h.list).Takes(listParams()...),
		edge.OK("GET /v1/jobs/{jobId}", h.show),
		edge.OK("POST /v1/jobs/{jobId}/cancel", h.cancel),
		edge.Created("POST /v1/jobs/{jobId}/retry", h.retry),
	}}
}
