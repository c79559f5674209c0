package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
)

// idDigest is how many bytes of the digest of a body are in its id.
const idDigest = 4

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

// body returns what a receiver gets of e, the same bytes at every attempt.
func (e Event) body() []byte {
	body, _ := json.Marshal(NewPayload(e)) // strings and a number, which always encode
	return body
}

// ID returns the id of the event: its job, its sequence, and eight digits that
// depend on the body, as in "6fa9bc98-…_2_5d41402a". It is the same over all
// attempts, and another one for another body: a Redis that lost the latest
// changes gives their sequence to other events. It contains no dot, because
// the signature joins its parts by dots.
func (e Event) ID() string { return e.idOf(e.body()) }

// idOf returns the id, given the body.
func (e Event) idOf(body []byte) string {
	digest := sha256.Sum256(body)
	return e.JobID + "_" + strconv.FormatInt(e.Sequence, 10) + "_" + hex.EncodeToString(digest[:idDigest])
}
