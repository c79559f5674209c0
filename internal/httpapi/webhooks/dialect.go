package webhooks

import (
	"context"
	"time"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Attempts reads the attempts to deliver the webhooks of a job, the oldest
// first. An unknown job is [jobs.ErrNotFound].
type Attempts interface {
	Attempts(ctx context.Context, account, jobID string) ([]webhook.Attempt, error)
}

// Steering looks at deliveries and takes a hand in them. What is unknown is one of
// the errors of package webhook, or of jobs.
type Steering interface {
	Deliveries(ctx context.Context, account string, q webhook.DeliveryQuery) (page []webhook.Delivery, cursor string, err error)
	Delivery(ctx context.Context, account, id string) (webhook.Delivery, error)
	ResendOne(ctx context.Context, account, id string) (webhook.Delivery, error)
	Endpoints(ctx context.Context, account string) ([]webhook.EndpointState, error)
	Endpoint(ctx context.Context, account, id string) (webhook.EndpointState, error)
	Pause(ctx context.Context, account, id string, pause bool) (webhook.EndpointState, error)
	Purge(ctx context.Context, account, id string, before time.Time) (dropped int64, more bool, err error)
	Start(ctx context.Context, r webhook.Resend) (webhook.Resend, error)
	Resends(ctx context.Context, account string) ([]webhook.Resend, error)
	Progress(ctx context.Context, account, id string) (webhook.Resend, error)
	Cancel(ctx context.Context, account, id string) (webhook.Resend, error)
	Test(ctx context.Context, account, url string) (webhook.Event, error)
}

// Addresses judges where webhooks are to go, before any look-up.
type Addresses interface{ CheckURL(url string) error }

// Deps are what the dialect serves. All but Addresses are required.
type Deps struct {
	Attempts  Attempts
	Steering  Steering
	Secrets   Secrets   // nil if they are not known in this process
	Addresses Addresses // nil if any will do
}

type handlers struct{ Deps }

// Dialect returns the routes about webhooks.
func Dialect(deps Deps) edge.Dialect {
	h := &handlers{deps}
	return edge.Dialect{Routes: []edge.Route{
		edge.OK("GET /v1/job/{jobId}/attempts", h.attempts).Takes("status", "outcome"),
		edge.OK("GET /v1/webhooks/deliveries", h.deliveries).Takes(deliveryParams()...),
		edge.OK("GET /v1/webhooks/deliveries/{deliveryId}", h.delivery),
		edge.OK("POST /v1/webhooks/deliveries/{deliveryId}/resend", h.resendOne),
		edge.OK("GET /v1/webhooks/endpoints", h.endpoints),
		edge.OK("GET /v1/webhooks/endpoints/{endpointId}", h.endpoint),
		edge.OK("POST /v1/webhooks/endpoints/{endpointId}/pause", h.pause(true)),
		edge.OK("POST /v1/webhooks/endpoints/{endpointId}/resume", h.pause(false)),
		edge.OK("DELETE /v1/webhooks/endpoints/{endpointId}/dead", h.purge).Takes("before"),
		edge.OK("GET /v1/webhooks/resends", h.resends),
		edge.OK("POST /v1/webhooks/resends", h.startResend),
		edge.OK("GET /v1/webhooks/resends/{resendId}", h.resend),
		edge.OK("DELETE /v1/webhooks/resends/{resendId}", h.cancelResend),
		edge.OK("POST /v1/webhooks/test", h.test),
		edge.OK("GET /v1/webhooks/secrets", h.secrets),
		edge.Created("POST /v1/webhooks/secrets", h.rotate),
		edge.OK("DELETE /v1/webhooks/secrets/{secretId}", h.endSecret),
	}}
}
