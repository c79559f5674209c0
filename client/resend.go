package client

import (
	"context"
	"net/http"
	"time"
)

// A ResendRequest says which events that were given up are sent again.
type ResendRequest struct {
	EndpointID string    `json:"endpointId,omitempty"` // of all endpoints if empty
	Since      time.Time `json:"since,omitzero"`       // when they were given up at the earliest
	Rate       int       `json:"rate,omitempty"`       // events a second, 500 at most; 100 if 0
}

// A Resend is events that are sent again, in the background.
type Resend struct {
	ID         string    `json:"id"`
	EndpointID string    `json:"endpointId"`
	Since      time.Time `json:"since,omitzero"`
	Rate       int       `json:"rate"`
	State      string    `json:"state"` // running, done or cancelled
	CreatedAt  time.Time `json:"createdAt"`
	EndedAt    time.Time `json:"endedAt,omitzero"`
	Sent       int64     `json:"sent"` // events that stand in their lanes again
	Left       int64     `json:"left"`
}

// StartResend begins a resend. An account may have five that run.
func (c *Client) StartResend(ctx context.Context, r ResendRequest) (Resend, error) {
	return create[Resend](ctx, c, r, "v1", "webhooks", "resends")
}

// Resends returns the resends of the account, the newest first.
func (c *Client) Resends(ctx context.Context) ([]Resend, error) {
	list, err := get[struct {
		Resends []Resend `json:"resends"`
	}](ctx, c, nil, "v1", "webhooks", "resends")
	return list.Resends, err
}

// Resend returns a resend, and how far it is.
func (c *Client) Resend(ctx context.Context, id string) (Resend, error) {
	return get[Resend](ctx, c, nil, "v1", "webhooks", "resends", id)
}

// CancelResend ends a resend. What stands in the lanes is sent all the same.
func (c *Client) CancelResend(ctx context.Context, id string) (Resend, error) {
	return call[Resend](ctx, c, Request{Method: http.MethodDelete, Path: []string{"v1", "webhooks", "resends", id}, Repeatable: true})
}
