package webhooks

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/turnwise/turnwise/internal/httpapi/deliveries"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
	"github.com/turnwise/turnwise/internal/webhook"
)

const (
	deliveriesUsual = 50
	deliveriesMost  = 200
)

// deliveries serves GET /v1/webhooks/deliveries.
func (h *handlers) deliveries(_ context.Context, x *edge.Exchange) (any, error) {
	q, err := deliveryQuery(x.Request.URL)
	if err != nil {
		return nil, err
	}
	found, cursor, err := h.Steering.Deliveries(x.Long(), x.Account.ID, q)
	if err != nil {
		return nil, refusal(err)
	}
	views := make([]deliveries.View, len(found))
	for n, d := range found {
		views[n] = deliveries.ViewOf(d)
	}
	return struct {
		Deliveries []deliveries.View `json:"deliveries"`
		NextCursor string            `json:"nextCursor,omitempty"`
	}{views, cursor}, nil
}

// deliveryParams returns the names of the parameters of a list of deliveries.
func deliveryParams() []string {
	return []string{"jobId", "conversationId", "endpointId", "state", "cursor", "from", "to", "limit"}
}

// deliveryQuery reads the parameters of a list of deliveries.
func deliveryQuery(u *url.URL) (q webhook.DeliveryQuery, err error) {
	params, err := input.Query(u)
	if err != nil {
		return q, err
	}
	texts := map[string]*string{
		"jobId": &q.JobID, "conversationId": &q.ConversationID, "endpointId": &q.Endpoint, "state": (*string)(&q.State), "cursor": &q.Cursor,
	}
	for name, into := range texts {
		if *into, err = input.Param(params, name); err != nil {
			return q, err
		}
	}
	states := []webhook.DeliveryState{"", webhook.StatePending, webhook.StateRetrying, webhook.StateDelivered, webhook.StateDead}
	whole := q.JobID != "" || q.ConversationID != ""
	switch {
	case !slices.Contains(states, q.State):
		return q, input.Invalid("state", input.BadValue("must be pending, retrying, delivered or dead"))
	case q.State == webhook.StateDelivered && !whole:
		return q, input.Invalid("state", input.BadValue("can be delivered only together with jobId or conversationId: there is no index of all that was delivered"))
	case q.JobID != "" && q.ConversationID != "":
		return q, input.Invalid("conversationId", input.BadValue("must not be given together with jobId"))
	case whole && q.Endpoint != "":
		return q, input.Invalid("endpointId", input.BadValue("must not be given together with jobId or conversationId"))
	}
	if q.From, err = input.TimeParam(params, "from"); err != nil {
		return q, err
	}
	if q.To, err = input.TimeParam(params, "to"); err != nil {
		return q, err
	}
	if (!q.From.IsZero() || !q.To.IsZero()) && (whole || q.State != webhook.StateDead) {
		return q, input.Invalid("from", input.BadValue("and to select what was given up in that time: state must be dead, without jobId and conversationId"))
	}
	q.Limit, err = input.IntParam(params, "limit", deliveriesUsual, deliveriesMost)
	q.Limit = max(q.Limit, 1)
	return q, err
}

// delivery serves GET /v1/webhooks/deliveries/{deliveryId}.
func (h *handlers) delivery(_ context.Context, x *edge.Exchange) (any, error) {
	d, err := h.Steering.Delivery(x.Long(), x.Account.ID, x.Request.PathValue("deliveryId"))
	if err != nil {
		return nil, refusal(err)
	}
	return deliveries.ViewOf(d), nil
}

// resendOne serves POST /v1/webhooks/deliveries/{deliveryId}/resend.
func (h *handlers) resendOne(_ context.Context, x *edge.Exchange) (any, error) {
	d, err := h.Steering.ResendOne(x.Long(), x.Account.ID, x.Request.PathValue("deliveryId"))
	if err != nil {
		return nil, refusal(err)
	}
	return deliveries.ViewOf(d), nil
}

// refusal returns the answer for an error about deliveries. What does not exist and
// what is another account's are one.
func refusal(err error) error {
	switch {
	case errors.Is(err, webhook.ErrNoDelivery):
		return edge.Refuse(http.StatusNotFound, "The deliveryId is either invalid or does not exist.")
	case errors.Is(err, webhook.ErrNoEndpoint):
		return edge.Refuse(http.StatusNotFound, "The endpointId is either invalid or does not exist.")
	case errors.Is(err, webhook.ErrNoResend):
		return edge.Refuse(http.StatusNotFound, "The resendId is either invalid or does not exist.")
	case errors.Is(err, webhook.ErrStillTried):
		return edge.Refuse(http.StatusConflict, "The event is still being tried. It can be sent again once it was delivered or given up.")
	case errors.Is(err, webhook.ErrUnrebuilt):
		return edge.Refuse(http.StatusConflict, "What the event told cannot be put together any more. Read the job instead.")
	case errors.Is(err, webhook.ErrManyResends):
		return edge.Refuse(http.StatusConflict, "The account has five resends that run, which is the limit. Wait for one, or cancel one.")
	case errors.Is(err, webhook.ErrBadCursor):
		return input.Invalid("cursor", input.BadValue("must be the nextCursor of the page before, with the same parameters"))
	}
	return err
}
