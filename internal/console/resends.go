package console

import (
	"context"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"github.com/turnwise/turnwise/internal/console/chart"
	"github.com/turnwise/turnwise/internal/webhook"
)

// The rate of a resend, in events a second.
const (
	rateUsual = 100
	rateMost  = 500
)

// resendView is what the page of a resend shows.
type resendView struct {
	webhook.Resend

	Running bool
	Bar     template.HTML
}

// startResend has what was given up at an endpoint, or at all of them, sent again.
func (c *Console) startResend(x *exchange) error {
	r := webhook.Resend{Account: x.account.ID, Endpoint: x.r.PostFormValue("endpoint"), Rate: rateUsual}
	x.subject = "all endpoints"
	if r.Endpoint != "" {
		x.subject = "endpoint " + r.Endpoint
	}
	if text := x.r.PostFormValue("rate"); text != "" {
		rate, err := strconv.Atoi(text)
		if err != nil || rate < 1 || rate > rateMost {
			return refuse(http.StatusUnprocessableEntity, "The rate must be a number of events a second from 1 to 500.")
		}
		r.Rate = rate
	}
	if text := x.r.PostFormValue("hours"); text != "" {
		hours, err := strconv.Atoi(text)
		if err != nil || hours < 1 || hours > 10_000 {
			return refuse(http.StatusUnprocessableEntity, "The hours must be a number from 1 to 10000, or be left empty for all events.")
		}
		r.Since = time.Now().Add(-time.Duration(hours) * time.Hour)
	}
	r, err := c.Webhooks.Start(x.r.Context(), r)
	if err != nil {
		return err
	}
	x.subject += ", resend " + r.ID
	return x.see("resending", "webhooks", "resends", r.ID)
}

func (c *Console) viewResend(ctx context.Context, account, id string) (any, error) {
	r, err := c.Webhooks.Progress(ctx, account, id)
	if err != nil {
		return nil, err
	}
	return resendView{r, r.State == webhook.ResendRunning, chart.Bar("sent and left",
		chart.Part{Class: "worked", Value: float64(r.Sent)}, chart.Part{Class: "waited", Value: float64(r.Left)})}, nil
}

func (c *Console) resend(x *exchange) error {
	v, err := c.viewResend(x.r.Context(), x.account.ID, x.r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.show(x, "resend", "Resend", v)
}

func (c *Console) resendLive(x *exchange) error {
	account, id := x.account.ID, x.r.PathValue("id")
	if _, err := c.Webhooks.Progress(x.r.Context(), account, id); err != nil {
		return err
	}
	return c.follow(x, "resend", func(ctx context.Context) (any, error) { return c.viewResend(ctx, account, id) })
}

func (c *Console) cancelResend(x *exchange) error {
	id := x.r.PathValue("id")
	x.subject = "resend " + id
	if _, err := c.Webhooks.Cancel(x.r.Context(), x.account.ID, id); err != nil {
		return err
	}
	return x.see("cancelled", "webhooks", "resends", id)
}
