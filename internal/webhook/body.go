package webhook

// A Payload is the body that a receiver gets, as JSON. The first and the
// fourth field are the documented ones; the others are ours.
type Payload struct {
	JobID          string `json:"jobId"`
	ID             string `json:"id"` // the same as JobID
	ConversationID string `json:"conversationId"`
	Status         string `json:"status"`
	Sequence       int64  `json:"sequence"`   // 1, 2, 3 … per job; a receiver drops what is not above its last
	OccurredAt     string `json:"occurredAt"` // RFC 3339 in UTC, always with milliseconds
}

// NewPayload returns the body that tells of e.
func NewPayload(e Event) Payload {
	return Payload{
		JobID:          e.JobID,
		ID:             e.JobID,
		ConversationID: e.ConversationID,
		Status:         e.Status,
		Sequence:       e.Sequence,
		OccurredAt:     e.OccurredAt.UTC().Format("2006-01-02T15:04:05.000Z07:00"),
	}
}
