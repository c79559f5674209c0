package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// An Endpoint is where events go: a scheme, a host and a port.
type Endpoint struct {
	ID          string    `json:"id"`
	Origin      string    `json:"origin"`
	Breaker     string    `json:"breaker"`  // closed, open or half-open
	Waiting     int64     `json:"waiting"`  // jobs with events that wait
	InFlight    int64     `json:"inFlight"` // and with one that is being sent
	Dead        int64     `json:"dead"`     // events that were given up and are kept
	Rate        float64   `json:"rate"`     // events a second that it gets at most; 0 if there is no limit
	OldestDueAt time.Time `json:"oldestDueAt,omitzero"`
	OpenedAt    time.Time `json:"openedAt,omitzero"`
	NextProbeAt time.Time `json:"nextProbeAt,omitzero"`
	HeldUntil   time.Time `json:"heldUntil,omitzero"` // as it asked
	PausedAt    time.Time `json:"pausedAt,omitzero"`
	LastSeenAt  time.Time `json:"lastSeenAt,omitzero"`
}

// Endpoints returns where events of the account have gone of late.
func (c *Client) Endpoints(ctx context.Context) ([]Endpoint, error) {
	list, err := get[struct {
		Endpoints []Endpoint `json:"endpoints"`
	}](ctx, c, nil, "v1", "webhooks", "endpoints")
	return list.Endpoints, err
}

// Endpoint returns an endpoint.
func (c *Client) Endpoint(ctx context.Context, id string) (Endpoint, error) {
	return get[Endpoint](ctx, c, nil, "v1", "webhooks", "endpoints", id)
}

// PauseEndpoint has an endpoint get nothing until it is resumed. What is for it waits.
func (c *Client) PauseEndpoint(ctx context.Context, id string) (Endpoint, error) {
	return c.steer(ctx, id, "pause")
}

// ResumeEndpoint has an endpoint be asked again, at once.
func (c *Client) ResumeEndpoint(ctx context.Context, id string) (Endpoint, error) {
	return c.steer(ctx, id, "resume")
}

func (c *Client) steer(ctx context.Context, id, action string) (Endpoint, error) {
	return call[Endpoint](ctx, c, Request{Method: http.MethodPost, Path: []string{"v1", "webhooks", "endpoints", id, action}, Repeatable: true})
}

// PurgeEndpoint drops events of an endpoint that were given up: all, or those before a
// time. It returns how many; more are left if that took too long for one request.
func (c *Client) PurgeEndpoint(ctx context.Context, id string, before time.Time) (dropped int64, more bool, err error) {
	query := url.Values{}
	if !before.IsZero() {
		query.Set("before", before.UTC().Format(time.RFC3339Nano))
	}
	answer, err := call[struct {
		Dropped int64 `json:"dropped"`
		More    bool  `json:"more"`
	}](ctx, c, Request{Method: http.MethodDelete, Path: []string{"v1", "webhooks", "endpoints", id, "dead"}, Query: query, Repeatable: true})
	return answer.Dropped, answer.More, err
}
