package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/webhook"
)

// maxAttemptRecords is how many records of delivery attempts a job keeps.
const maxAttemptRecords = 100

// An attemptRecord is a [webhook.Attempt] as it is kept. A record has those of
// one claim, as a list; it is short, because each job has several.
type attemptRecord struct {
	Event     string          `json:"event"` // its id; "_1_5d41402a" if it begins with that of the job
	Status    string          `json:"status"`
	Number    int             `json:"n"`
	At        int64           `json:"at"` // Unix microseconds
	Outcome   webhook.Outcome `json:"outcome"`
	Code      int             `json:"code,omitzero"`
	Error     string          `json:"error,omitzero"`
	Answer    string          `json:"answer,omitzero"`
	DNS       float64         `json:"dns,omitzero"`
	Connect   float64         `json:"connect,omitzero"`
	TLS       float64         `json:"tls,omitzero"`
	FirstByte float64         `json:"first,omitzero"`
	Total     float64         `json:"total,omitzero"`
	NextAt    int64           `json:"next,omitzero"` // Unix microseconds
}

// encodeAttempts returns the record of the attempts of a claim.
func encodeAttempts(jobID string, run []webhook.Settlement) ([]byte, error) {
	records := make([]attemptRecord, len(run))
	for n, s := range run {
		a := s.Attempt
		records[n] = attemptRecord{
			Event: a.EventID, Status: a.Status, Number: a.Number, At: micros(a.At), Outcome: a.Outcome,
			Code: a.Code, Error: a.Error, Answer: a.Answer,
			DNS: a.DNS, Connect: a.Connect, TLS: a.TLS, FirstByte: a.FirstByte, Total: a.Total,
		}
		if rest, ok := strings.CutPrefix(a.EventID, jobID); ok {
			records[n].Event = rest
		}
		if s.Outcome == webhook.Retry {
			records[n].NextAt = micros(time.Now().Add(s.Delay))
		}
	}
	b, err := json.Marshal(records)
	if err != nil {
		return nil, fmt.Errorf("encode an attempt at event %s: %w", run[0].Attempt.EventID, err)
	}
	return b, nil
}

// attempt undoes [encodeAttempts].
func (r attemptRecord) attempt(jobID string) webhook.Attempt {
	a := webhook.Attempt{
		EventID: r.Event, Status: r.Status, Number: r.Number, At: fromMicros(r.At), Outcome: r.Outcome,
		Code: r.Code, Error: r.Error, Answer: r.Answer,
		DNS: r.DNS, Connect: r.Connect, TLS: r.TLS, FirstByte: r.FirstByte, Total: r.Total, NextAt: fromMicros(r.NextAt),
	}
	if strings.HasPrefix(r.Event, "_") {
		a.EventID = jobID + r.Event
	}
	return a
}

// inFlight returns the attempt that is under way, if one is: at the first event of the
// lane, as far as that is known.
func (r *jobDeliveries) inFlight() []webhook.Attempt {
	if len(r.events) == 0 || len(r.lane) < 5 {
		return nil
	}
	claim, _ := r.lane[3].(string)
	if claim == "" || strings.HasPrefix(claim, "-") {
		return nil
	}
	e := webhook.Event{Account: r.job.Account, JobID: r.job.ID, ConversationID: r.job.ConversationID}
	if decodeEvent(r.events[0], &e) != nil {
		return nil
	}
	attempts, _ := r.lane[0].(string)
	began, _ := r.lane[4].(string)
	return []webhook.Attempt{{
		EventID: e.ID(), Status: e.Status, Number: parseAttempts(attempts).ended + 1, At: instant(began), Outcome: webhook.InFlight,
	}}
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// fromMicros undoes [micros].
func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// attemptsAt returns the attempts that are kept with a job.
func (s *Store) attemptsAt(ctx context.Context, key, jobID string) ([]webhook.Attempt, error) {
	records, err := all(eachEntry(ctx, s, storedList[[]attemptRecord]{key: key, owner: key, decode: decodeJSON[[]attemptRecord]}, 0))
	all := make([]webhook.Attempt, 0, len(records))
	for _, run := range records {
		for _, r := range run {
			all = append(all, r.attempt(jobID))
		}
	}
	return all, err
}
