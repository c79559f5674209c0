// Package operations serves what people need who look after jobs: lists, counts, all
// that is known of one, and what can be done about it. No other API has these calls.
package operations

import (
	"context"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
	"github.com/turnwise/turnwise/internal/lane"
)

// Control looks after the jobs of an account. What is unknown is [jobs.ErrNotFound].
type Control interface {
	List(ctx context.Context, account string, q jobs.Query) (jobs.Page, error)
	ListAll(ctx context.Context, q jobs.Query) (jobs.Page, []string, error)
	Count(ctx context.Context, account string) (jobs.Counts, error)
	CountOf(ctx context.Context, accounts []string) (jobs.Counts, error)
	Show(ctx context.Context, account, id string) (control.Detail, error)
	Cancel(ctx context.Context, account, id string) (control.Detail, error)
	Retry(ctx context.Context, account, id string) (jobs.Receipt, error)
	Lanes(ctx context.Context, account string, q lane.Query) (lane.Page, error)
	LanesOfAll(ctx context.Context, q lane.Query) (lane.Page, []string, error)
	Steer(ctx context.Context, account, id string, what lane.Action) (lane.View, error)
}

type handlers struct{ control Control }

// Dialect returns the routes about jobs, which operators may call for any account.
func Dialect(c Control) edge.Dialect {
	h := &handlers{c}
	return edge.Dialect{Routes: []edge.Route{
		edge.OK("GET /v1/jobs", h.list).Takes(listParams()...).ForAllAccounts(),
		edge.OK("GET /v1/jobs/{jobId}", h.show).ForOperators(),
		edge.OK("POST /v1/jobs/{jobId}/cancel", h.cancel).ForOperators(),
		edge.Created("POST /v1/jobs/{jobId}/retry", h.retry).ForOperators(),
		edge.OK("GET /v1/lanes", h.lanes).Takes("kind", "state", "limit", "cursor").ForAllAccounts(),
		edge.OK("POST /v1/lanes/{laneId}/retry", h.steer(lane.Retry)).ForOperators(),
		edge.OK("POST /v1/lanes/{laneId}/resume", h.steer(lane.Resume)).ForOperators(),
		edge.OK("POST /v1/lanes/{laneId}/skip", h.steer(lane.Skip)).ForOperators(),
	}}
}
