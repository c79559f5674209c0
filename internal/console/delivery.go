package console

import (
	"context"
	"encoding/json"
	"html/template"
	"net/http"

	"github.com/turnwise/turnwise/internal/console/chart"
	"github.com/turnwise/turnwise/internal/webhook"
)

// deliveryView is what the page of a delivery shows.
type deliveryView struct {
	webhook.Delivery

	EventID  string
	Body     string // as its receiver gets it
	Attempts []attemptView
	Final    bool // it can be sent again
}

// An attemptView is an attempt with what of it took how long.
type attemptView struct {
	webhook.Attempt

	Bar template.HTML
}

func viewAttempt(a webhook.Attempt) attemptView {
	rest := a.FirstByte - a.DNS - a.Connect - a.TLS
	return attemptView{a, chart.Bar("name, connection, TLS, answer, rest",
		chart.Part{Class: "dns", Value: a.DNS}, chart.Part{Class: "connect", Value: a.Connect}, chart.Part{Class: "tls", Value: a.TLS},
		chart.Part{Class: "answer", Value: rest}, chart.Part{Class: "rest", Value: a.Total - a.FirstByte})}
}

func (c *Console) viewDelivery(ctx context.Context, account, id string) (any, error) {
	d, err := c.Webhooks.Delivery(ctx, account, id)
	if err != nil {
		return nil, err
	}
	body, err := json.MarshalIndent(webhook.NewPayload(d.Event), "", "  ")
	if err != nil {
		return nil, err
	}
	v := deliveryView{Delivery: d, EventID: deliveryID(d), Body: string(body), Final: d.State == webhook.StateDelivered || d.State == webhook.StateDead}
	for _, a := range d.AttemptsN {
		v.Attempts = append(v.Attempts, viewAttempt(a))
	}
	return v, nil
}

// deliveryID returns the id by which a delivery is named.
func deliveryID(d webhook.Delivery) string {
	if d.Recorded != "" {
		return d.Recorded
	}
	return d.ID()
}

func (c *Console) delivery(x *exchange) error {
	v, err := c.viewDelivery(x.r.Context(), x.account.ID, x.r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.show(x, "delivery", "Delivery", v)
}

func (c *Console) deliveryLive(x *exchange) error {
	account, id := x.account.ID, x.r.PathValue("id")
	if _, err := c.Webhooks.Delivery(x.r.Context(), account, id); err != nil {
		return err
	}
	return c.follow(x, "delivery", func(ctx context.Context) (any, error) { return c.viewDelivery(ctx, account, id) })
}

// resendOne has an event sent again.
func (c *Console) resendOne(x *exchange) error {
	id := x.r.PathValue("id")
	x.subject = "event " + id
	d, err := c.Webhooks.ResendOne(x.r.Context(), x.account.ID, id)
	if err != nil {
		return err
	}
	return x.see("resent", "webhooks", "deliveries", deliveryID(d))
}

// resendSome has the events that are ticked in a list sent again. What cannot be is
// left, and the first reason told.
func (c *Console) resendSome(x *exchange) error {
	if err := x.r.ParseForm(); err != nil {
		return refuse(http.StatusBadRequest, "The form cannot be read.")
	}
	ids := x.r.PostForm["id"]
	if len(ids) == 0 || len(ids) > pageSize {
		return refuse(http.StatusUnprocessableEntity, "Tick the events that are to be sent again, 50 at most.")
	}
	var first error
	sent := 0
	for _, id := range ids {
		if _, err := c.Webhooks.ResendOne(x.r.Context(), x.account.ID, id); err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		sent++
	}
	x.subject = count(sent) + " of " + count(len(ids)) + " events"
	if first != nil {
		r := refusalOf(first)
		return refuse(r.status, "%s events of %s are being sent again. Of one that is not: %s", count(sent), count(len(ids)), r.message)
	}
	return x.see("resending", "webhooks", "deliveries")
}
