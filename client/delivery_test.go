package client_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/client"
)

// TestWebhookMethods checks of each method about webhooks what it sends and what it makes
// of the answer.
func TestWebhookMethods(t *testing.T) {
	t.Parallel()

	day := midnight()
	delivery := client.Delivery{
		ID: "j_1_a", JobID: "j", Status: client.Completed, Sequence: 3, State: client.Dead, Attempted: 1, Reason: "gone",
		Attempts: []client.Attempt{{EventID: "j_1_a", Attempt: 1, At: day, Outcome: "dead", Code: 410, TotalMs: 4.2}},
	}
	const deliveryJSON = `{"id":"j_1_a","jobId":"j","status":"completed","sequence":3,"state":"dead","attempted":1,"reason":"gone",` +
		`"attempts":[{"eventId":"j_1_a","attempt":1,"at":"2026-03-01T00:00:00.000Z","outcome":"dead","code":410,"totalMs":4.2}]}`
	endpoint := client.Endpoint{ID: "e", Origin: "https://a.example:443", Breaker: "open", Waiting: 7, Dead: 3, Rate: 50, NextProbeAt: day}
	const endpointJSON = `{"id":"e","origin":"https://a.example:443","breaker":"open","waiting":7,"inFlight":0,"dead":3,"rate":50,"nextProbeAt":"2026-03-01T00:00:00.000Z"}`
	resend := client.Resend{ID: "r", Rate: 20, State: "running", CreatedAt: day, Sent: 5, Left: 6}
	const resendJSON = `{"id":"r","rate":20,"state":"running","createdAt":"2026-03-01T00:00:00.000Z","sent":5,"left":6}`
	secret := client.WebhookSecret{ID: "s", Scheme: "v1", Source: "api", Secret: "whsec_x", CreatedAt: day}
	const secretJSON = `{"id":"s","scheme":"v1","source":"api","secret":"whsec_x","createdAt":"2026-03-01T00:00:00.000Z"}`
	type call = func(context.Context, *client.Client) (any, error)
	tests := []struct {
		name   string
		call   call
		sent   string
		body   string
		answer string
		want   any
	}{
		{
			"Delivery", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Delivery(ctx, "j_3")) },
			"GET /v1/webhooks/deliveries/j_3", "", deliveryJSON, delivery,
		},
		{
			"ResendDelivery", func(ctx context.Context, c *client.Client) (any, error) { return result(c.ResendDelivery(ctx, "j_3")) },
			"POST /v1/webhooks/deliveries/j_3/resend", "", deliveryJSON, delivery,
		},
		{
			"SendTestEvent", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.SendTestEvent(ctx, "https://a.example/"))
			},
			"POST /v1/webhooks/test", `{"url":"https://a.example/"}`, deliveryJSON, delivery,
		},
		{
			"Endpoints", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Endpoints(ctx)) },
			"GET /v1/webhooks/endpoints", "",
			`{"endpoints":[` + endpointJSON + `]}`,
			[]client.Endpoint{endpoint},
		},
		{
			"Endpoint", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Endpoint(ctx, "e")) },
			"GET /v1/webhooks/endpoints/e", "", endpointJSON, endpoint,
		},
		{
			"PauseEndpoint", func(ctx context.Context, c *client.Client) (any, error) { return result(c.PauseEndpoint(ctx, "e")) },
			"POST /v1/webhooks/endpoints/e/pause", "", endpointJSON, endpoint,
		},
		{
			"ResumeEndpoint", func(ctx context.Context, c *client.Client) (any, error) { return result(c.ResumeEndpoint(ctx, "e")) },
			"POST /v1/webhooks/endpoints/e/resume", "", endpointJSON, endpoint,
		},
		{
			"PurgeEndpoint", func(ctx context.Context, c *client.Client) (any, error) {
				n, more, err := c.PurgeEndpoint(ctx, "e", day)
				return []any{n, more}, err
			},
			"DELETE /v1/webhooks/endpoints/e/dead?before=2026-03-01T00%3A00%3A00Z", "",
			`{"dropped":4,"more":true}`,
			[]any{int64(4), true},
		},
		{
			"StartResend", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.StartResend(ctx, client.ResendRequest{EndpointID: "e", Since: day, Rate: 20}))
			},
			"POST /v1/webhooks/resends", `{"endpointId":"e","since":"2026-03-01T00:00:00Z","rate":20}`, resendJSON, resend,
		},
		{
			"Resends", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Resends(ctx)) },
			"GET /v1/webhooks/resends", "", `{"resends":[` + resendJSON + `]}`,
			[]client.Resend{resend},
		},
		{
			"Resend", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Resend(ctx, "r")) },
			"GET /v1/webhooks/resends/r", "", resendJSON, resend,
		},
		{
			"CancelResend", func(ctx context.Context, c *client.Client) (any, error) { return result(c.CancelResend(ctx, "r")) },
			"DELETE /v1/webhooks/resends/r", "", resendJSON, resend,
		},
		{
			"WebhookSecrets", func(ctx context.Context, c *client.Client) (any, error) { return result(c.WebhookSecrets(ctx)) },
			"GET /v1/webhooks/secrets", "", `{"secrets":[` + secretJSON + `]}`,
			[]client.WebhookSecret{secret},
		},
		{
			"RotateWebhookSecret", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.RotateWebhookSecret(ctx, "v1", time.Hour))
			},
			"POST /v1/webhooks/secrets", `{"overlapSeconds":3600,"scheme":"v1"}`, secretJSON, secret,
		},
		{
			"EndWebhookSecret", func(ctx context.Context, c *client.Client) (any, error) { return nil, c.EndWebhookSecret(ctx, "s") },
			"DELETE /v1/webhooks/secrets/s", "", `{}`, nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			s := &script{answers: []answer{ok(tt.answer)}}
			got, err := tt.call(t.Context(), s.client(t, client.Options{}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("the result differs (-want +got):\n%s", diff)
			}
			if sent := s.calls[0]; strings.Replace(sent.line, " /base/", " /", 1) != tt.sent || sent.body != tt.body {
				t.Errorf("sent %q %s, want %q %s", sent.line, sent.body, tt.sent, tt.body)
			}
		})
	}
}

// Pages follow one another until there is none, or until the caller has enough.
func TestDeliveriesAreReadPageByPage(t *testing.T) {
	t.Parallel()

	s := &script{answers: []answer{
		ok(`{"deliveries":[{"id":"a"},{"id":"b"}],"nextCursor":"e.1"}`), ok(`{"deliveries":[],"nextCursor":"e.2"}`), ok(`{"deliveries":[{"id":"c"}]}`),
	}}
	var ids []string
	q := client.DeliveryQuery{EndpointID: "e", State: client.Dead, From: midnight()}
	for d, err := range s.client(t, client.Options{}).Deliveries(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, d.ID)
	}
	if got := strings.Join(ids, " "); got != "a b c" {
		t.Errorf("Deliveries yielded %s, want a b c", got)
	}
	const first = "/v1/webhooks/deliveries?endpointId=e&from=2026-03-01T00%3A00%3A00Z&state=dead"
	if sent := s.calls[0].line; !strings.HasSuffix(sent, first) {
		t.Errorf("asked for %s, want %s", sent, first)
	}
	if sent := s.calls[2].line; !strings.Contains(sent, "cursor=e.2") {
		t.Errorf("asked for %s, want the page behind e.2", sent)
	}

	s = &script{answers: []answer{ok(`{"deliveries":[{"id":"a"},{"id":"b"}],"nextCursor":"e.1"}`), refused(400, "cursor")}}
	var failed error
	for _, err := range s.client(t, client.Options{}).Deliveries(t.Context(), client.DeliveryQuery{}) {
		failed = err
	}
	if failed == nil || len(s.calls) != 2 {
		t.Errorf("Deliveries = %v after %d requests, want the refusal of the second", failed, len(s.calls))
	}
}
