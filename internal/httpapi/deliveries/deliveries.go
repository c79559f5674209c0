// Package deliveries has the form in which events of jobs are answered, with how their
// deliveries stand, to every dialect that tells of them.
package deliveries

import (
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/webhook"
)

// A View is an event and how it stands, as it is answered.
type View struct {
	ID             string                `json:"id"`
	JobID          string                `json:"jobId"`
	ConversationID string                `json:"conversationId,omitempty"`
	Status         string                `json:"status"`
	Sequence       int64                 `json:"sequence"`
	OccurredAt     string                `json:"occurredAt,omitempty"`
	URL            string                `json:"url,omitempty"`
	EndpointID     string                `json:"endpointId,omitempty"`
	State          webhook.DeliveryState `json:"state"`
	Attempted      int                   `json:"attempted"`
	NextAt         string                `json:"nextAt,omitempty"`
	EndedAt        string                `json:"endedAt,omitempty"`
	Reason         string                `json:"reason,omitempty"`
	Halted         bool                  `json:"halted,omitzero"`
	Replay         bool                  `json:"replay,omitzero"`
	Attempts       []Attempt             `json:"attempts,omitempty"`
}

// ViewOf returns a delivery as it is answered.
func ViewOf(d webhook.Delivery) View {
	v := View{
		ID: d.Recorded, JobID: d.JobID, ConversationID: d.ConversationID, Status: d.Status, Sequence: d.Sequence,
		OccurredAt: edge.FormatTime(d.OccurredAt), URL: d.URL, EndpointID: d.Endpoint, State: d.State, Attempted: d.Attempts,
		NextAt: edge.FormatTime(d.NextAt), EndedAt: edge.FormatTime(d.EndedAt), Reason: d.Why, Halted: d.Halted, Replay: d.Replay,
	}
	if v.ID == "" {
		v.ID = d.ID()
	}
	if d.Last != nil && d.State != webhook.StateDelivered {
		v.Reason = d.Last.Error
	}
	if d.AttemptsN != nil {
		v.Attempts = Attempts(d.AttemptsN)
	}
	return v
}

// An Attempt is an attempt to deliver a webhook as it is answered.
type Attempt struct {
	EventID   string          `json:"eventId"`
	Status    string          `json:"status"`
	Number    int             `json:"attempt"`
	At        string          `json:"at"`
	Outcome   webhook.Outcome `json:"outcome"`
	Code      int             `json:"code,omitzero"`
	Error     string          `json:"error,omitempty"`
	Answer    string          `json:"answer,omitempty"`
	DNS       float64         `json:"dnsMs"`
	Connect   float64         `json:"connectMs"`
	TLS       float64         `json:"tlsMs"`
	FirstByte float64         `json:"firstByteMs"`
	Total     float64         `json:"totalMs"`
	NextAt    string          `json:"nextAt,omitempty"`
}

// Attempts returns attempts as they are answered.
func Attempts(all []webhook.Attempt) []Attempt {
	views := make([]Attempt, len(all))
	for i, t := range all {
		views[i] = Attempt{
			EventID: t.EventID, Status: t.Status, Number: t.Number, At: edge.FormatTime(t.At),
			Outcome: t.Outcome, Code: t.Code, Error: t.Error, Answer: t.Answer,
			DNS: t.DNS, Connect: t.Connect, TLS: t.TLS, FirstByte: t.FirstByte, Total: t.Total,
			NextAt: edge.FormatTime(t.NextAt),
		}
	}
	return views
}
