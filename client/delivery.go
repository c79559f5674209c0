package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// A DeliveryState says how a delivery stands.
type DeliveryState string

// The states of deliveries.
const (
	Pending   DeliveryState = "pending"  // not attempted yet
	Retrying  DeliveryState = "retrying" // refused, and tried again at NextAt
	Delivered DeliveryState = "delivered"
	Dead      DeliveryState = "dead" // given up
)

// A Delivery is the delivery of an event to the webhook of its job.
type Delivery struct {
	ID             string        `json:"id"` // of the event, the same over all attempts
	JobID          string        `json:"jobId"`
	ConversationID string        `json:"conversationId"`
	Status         Status        `json:"status"`
	Sequence       int64         `json:"sequence"`
	OccurredAt     time.Time     `json:"occurredAt,omitzero"`
	URL            string        `json:"url"`
	EndpointID     string        `json:"endpointId"`
	State          DeliveryState `json:"state"`
	Attempted      int           `json:"attempted"` // attempts that are kept; 0 in a list by endpoint
	NextAt         time.Time     `json:"nextAt,omitzero"`
	EndedAt        time.Time     `json:"endedAt,omitzero"`
	Reason         string        `json:"reason"` // what went wrong last
	Halted         bool          `json:"halted"` // the events behind it wait until it is sent again or dropped
	Replay         bool          `json:"replay"` // it is sent again
	Attempts       []Attempt     `json:"attempts"`
}

// An Attempt is one attempt at a delivery. Its times are in milliseconds; those of the
// first byte and of all are from the start.
type Attempt struct {
	EventID     string    `json:"eventId"`
	Status      Status    `json:"status"`
	Attempt     int       `json:"attempt"` // 1, 2, 3 of the event
	At          time.Time `json:"at"`
	Outcome     string    `json:"outcome"` // delivered, retry or dead
	Code        int       `json:"code"`    // of the answer; 0 if there was none
	Error       string    `json:"error"`
	Answer      string    `json:"answer"` // its beginning
	DNSMs       float64   `json:"dnsMs"`
	ConnectMs   float64   `json:"connectMs"`
	TLSMs       float64   `json:"tlsMs"`
	FirstByteMs float64   `json:"firstByteMs"`
	TotalMs     float64   `json:"totalMs"`
	NextAt      time.Time `json:"nextAt,omitzero"`
}

// A DeliveryQuery selects deliveries. The zero value is what waits, at all endpoints.
type DeliveryQuery struct {
	JobID          string        // all of a job
	ConversationID string        // or of a conversation
	EndpointID     string        // what waits at one endpoint, or was given up there
	State          DeliveryState // dead selects what was given up
	From, To       time.Time     // when it was
}

func (q DeliveryQuery) values() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{
		"jobId": q.JobID, "conversationId": q.ConversationID, "endpointId": q.EndpointID, "state": string(q.State),
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for name, at := range map[string]time.Time{"from": q.From, "to": q.To} {
		if !at.IsZero() {
			query.Set(name, at.UTC().Format(time.RFC3339Nano))
		}
	}
	return query
}

// Deliveries yields the deliveries that q selects, page by page. What changes meanwhile
// may be yielded twice or not at all. After an error nothing more is yielded.
func (c *Client) Deliveries(ctx context.Context, q DeliveryQuery) iter.Seq2[Delivery, error] {
	return func(yield func(Delivery, error) bool) {
		for query := q.values(); ; {
			page, err := get[struct {
				Deliveries []Delivery `json:"deliveries"`
				NextCursor string     `json:"nextCursor"`
			}](ctx, c, query, "v1", "webhooks", "deliveries")
			if err != nil {
				yield(Delivery{}, err)
				return
			}
			for _, d := range page.Deliveries {
				if !yield(d, nil) {
					return
				}
			}
			if page.NextCursor == "" {
				return
			}
			query.Set("cursor", page.NextCursor)
		}
	}
}

// Delivery returns a delivery with its attempts, by the id of its event or by its job
// and sequence, as in "<job>_2".
func (c *Client) Delivery(ctx context.Context, id string) (Delivery, error) {
	return get[Delivery](ctx, c, nil, "v1", "webhooks", "deliveries", id)
}

// ResendDelivery has an event that was delivered or given up sent again, under its id.
func (c *Client) ResendDelivery(ctx context.Context, id string) (Delivery, error) {
	return call[Delivery](ctx, c, Request{Method: http.MethodPost, Path: []string{"v1", "webhooks", "deliveries", id, "resend"}})
}

// SendTestEvent has a test event sent to a URL. Its delivery, which is returned, says
// later how that went.
func (c *Client) SendTestEvent(ctx context.Context, to string) (Delivery, error) {
	return create[Delivery](ctx, c, map[string]string{"url": to}, "v1", "webhooks", "test")
}
