package console

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/console/chart"
	"github.com/turnwise/turnwise/internal/webhook"
)

func (c *Console) webhookRoutes() []route {
	return []route{
		page("/webhooks", c.webhooks),
		page("/webhooks/live", func(x *exchange) error {
			account := x.account.ID
			return c.follow(x, "webhooks", func(ctx context.Context) (any, error) { return c.viewWebhooks(ctx, account) })
		}),
		action("/webhooks/test", "send test event", c.test),
		page("/webhooks/endpoints/{id}", c.endpoint),
		page("/webhooks/endpoints/{id}/live", c.endpointLive),
		action("/webhooks/endpoints/{id}/pause", "pause endpoint", c.pause(true)),
		action("/webhooks/endpoints/{id}/resume", "resume endpoint", c.pause(false)),
		action("/webhooks/resends", "resend events", c.startResend),
		page("/webhooks/resends/{id}", c.resend),
		page("/webhooks/resends/{id}/live", c.resendLive),
		action("/webhooks/resends/{id}/cancel", "cancel resend", c.cancelResend),
		page("/webhooks/deliveries", c.deliveries),
		action("/webhooks/deliveries", "resend events", c.resendSome),
		page("/webhooks/deliveries/{id}", c.delivery),
		page("/webhooks/deliveries/{id}/live", c.deliveryLive),
		action("/webhooks/deliveries/{id}/resend", "resend event", c.resendOne),
	}
}

// An endpointView is an endpoint with how many of its events waited lately.
type endpointView struct {
	webhook.EndpointState

	Trouble string        // why somebody should look, in words; empty if nobody need
	Chart   template.HTML // of what waits
}

// trouble says in words what is the matter with an endpoint.
func trouble(e webhook.EndpointState) string {
	switch {
	case !e.PausedSince.IsZero():
		return "paused"
	case e.Breaker == webhook.Open:
		return "does not answer"
	case e.Breaker == webhook.HalfOpen:
		return "is being probed"
	case !e.HeldUntil.IsZero():
		return "asked to be left alone"
	case e.Dead > 0:
		return "events were given up"
	}
	return ""
}

// webhooksView is what the list of endpoints shows.
type webhooksView struct {
	Endpoints []endpointView
	Resends   []webhook.Resend
	URL       string // of a test that was refused
	Mistake   string
}

func (c *Console) viewWebhooks(ctx context.Context, account string) (any, error) {
	return c.listWebhooks(ctx, account)
}

func (c *Console) listWebhooks(ctx context.Context, account string) (webhooksView, error) {
	state, err := c.stateOf(ctx, account)
	if err != nil {
		return webhooksView{}, err
	}
	v := webhooksView{}
	for _, e := range state.endpoints {
		v.Endpoints = append(v.Endpoints, c.viewEndpoint(account, e))
	}
	v.Resends, err = c.Webhooks.Resends(ctx, account)
	slices.SortFunc(v.Resends, func(a, b webhook.Resend) int { return b.Created.Compare(a.Created) })
	v.Resends = v.Resends[:min(len(v.Resends), 10)]
	return v, err
}

func (c *Console) viewEndpoint(account string, e webhook.EndpointState) endpointView {
	waited := c.history.add(account+" "+e.ID, float64(e.Waiting))
	return endpointView{e, trouble(e), chart.Line("waiting lately, now "+count(e.Waiting), waited)}
}

func (c *Console) webhooks(x *exchange) error { return c.showWebhooks(x, http.StatusOK, "", "") }

func (c *Console) showWebhooks(x *exchange, status int, address, mistake string) error {
	v, err := c.listWebhooks(x.r.Context(), x.account.ID)
	if err != nil {
		return err
	}
	v.URL, v.Mistake = address, mistake
	return c.write(x, status, "webhooks", "Webhooks", v)
}

// test sends a test event.
func (c *Console) test(x *exchange) error {
	address := strings.TrimSpace(x.r.PostFormValue("url"))
	check := webhook.CheckURL
	if c.Addresses != nil {
		check = c.Addresses.CheckURL
	}
	if err := check(address); err != nil {
		x.subject = "refused address"
		return c.showWebhooks(x, http.StatusUnprocessableEntity, address, fmt.Sprintf("The URL %v.", err))
	}
	e, err := c.Webhooks.Test(x.r.Context(), x.account.ID, address)
	if err != nil {
		return err
	}
	x.subject = "event " + e.ID()
	return x.see("tested", "webhooks", "deliveries", e.ID())
}

// endpointPage is what the page of an endpoint shows.
type endpointPage struct {
	endpointView

	Events     []webhook.Delivery // that wait
	DeadEvents []webhook.Delivery
}

// shownDeliveries is how many of them stand on the page of an endpoint.
const shownDeliveries = 20

func (c *Console) viewEndpointPage(ctx context.Context, account, id string) (any, error) {
	e, err := c.Webhooks.Endpoint(ctx, account, id)
	if err != nil {
		return nil, err
	}
	v := endpointPage{endpointView: c.viewEndpoint(account, e)}
	if v.Events, _, err = c.Webhooks.Deliveries(ctx, account, webhook.DeliveryQuery{Endpoint: id, State: webhook.StatePending, Limit: shownDeliveries}); err != nil {
		return nil, err
	}
	v.DeadEvents, _, err = c.Webhooks.Deliveries(ctx, account, webhook.DeliveryQuery{Endpoint: id, State: webhook.StateDead, Limit: shownDeliveries})
	return v, err
}

func (c *Console) endpoint(x *exchange) error {
	v, err := c.viewEndpointPage(x.r.Context(), x.account.ID, x.r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.show(x, "endpoint", "Endpoint", v)
}

func (c *Console) endpointLive(x *exchange) error {
	account, id := x.account.ID, x.r.PathValue("id")
	if _, err := c.Webhooks.Endpoint(x.r.Context(), account, id); err != nil {
		return err
	}
	return c.follow(x, "endpoint", func(ctx context.Context) (any, error) { return c.viewEndpointPage(ctx, account, id) })
}

// pause returns the action that pauses an endpoint, or resumes it.
func (c *Console) pause(pause bool) func(*exchange) error {
	return func(x *exchange) error {
		id := x.r.PathValue("id")
		x.subject = "endpoint " + id
		if _, err := c.Webhooks.Pause(x.r.Context(), x.account.ID, id, pause); err != nil {
			return err
		}
		c.accounts.Delete(x.account.ID) // what was read before is outdated
		done := "resumed"
		if pause {
			done = "paused"
		}
		return x.see(done, "webhooks", "endpoints", id)
	}
}

// deliveriesView is what a list of deliveries shows.
type deliveriesView struct {
	Query      webhook.DeliveryQuery
	Deliveries []webhook.Delivery
	Next       string
}

// deliveries lists what was given up, unless the address asks for something else.
func (c *Console) deliveries(x *exchange) error {
	params := x.r.URL.Query()
	q := webhook.DeliveryQuery{
		JobID: params.Get("job"), ConversationID: params.Get("conversation"), Endpoint: params.Get("endpoint"),
		State: webhook.DeliveryState(params.Get("state")), Limit: pageSize, Cursor: params.Get("cursor"),
	}
	if q.JobID != "" && q.ConversationID != "" {
		q.ConversationID = ""
	}
	whole := q.JobID != "" || q.ConversationID != ""
	if whole {
		q.Endpoint = ""
	} else if q.State != webhook.StatePending {
		q.State = webhook.StateDead
	}
	if whole && !slices.Contains([]webhook.DeliveryState{"", webhook.StatePending, webhook.StateRetrying, webhook.StateDelivered, webhook.StateDead}, q.State) {
		q.State = ""
	}
	found, cursor, err := c.Webhooks.Deliveries(x.r.Context(), x.account.ID, q)
	if err != nil {
		return err
	}
	v := deliveriesView{Query: q, Deliveries: found}
	if cursor != "" {
		v.Next = x.path("webhooks", "deliveries") + "?" + url.Values{
			"job": {q.JobID}, "conversation": {q.ConversationID}, "endpoint": {q.Endpoint}, "state": {string(q.State)}, "cursor": {cursor},
		}.Encode()
	}
	return c.show(x, "deliveries", "Deliveries", v)
}
