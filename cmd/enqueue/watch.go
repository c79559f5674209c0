package main

import (
	"context"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v4"
)

// The states of a job, as the API writes them.
const (
	scheduled  = "scheduled"
	inProgress = "in_progress"
	completed  = "completed"
	failed     = "failed"
)

// job is the answer to GET /v1/job/{id}. Only id and status are certain.
type job struct {
	ID             string    `json:"id"`
	Status         string    `json:"status"`
	Message        string    `json:"message"`
	ConversationID string    `json:"conversationId"`
	AcceptedAt     time.Time `json:"acceptedAt"`
	StartedAt      time.Time `json:"startedAt"`
	FinishedAt     time.Time `json:"finishedAt"`
}

func (j job) final() bool { return j.Status == completed || j.Status == failed }

// failure returns the error that a failed job is to those who wait for it.
func (j job) failure() error {
	if j.Status != failed {
		return nil
	}
	return &jobFailedError{j.ID, j.Message}
}

// change is a status that a job has come to.
type change struct {
	JobID     string  `json:"jobId"`
	Status    string  `json:"status"`
	ElapsedMs float64 `json:"elapsedMs"`
	Message   string  `json:"message,omitempty"`
}

func (o output) change(c change) error {
	if o.json {
		return o.document(c)
	}
	elapsed := time.Duration(c.ElapsedMs * float64(time.Millisecond))
	return o.linef("%s  %s", o.paint(fmt.Sprintf("%-11s", clean(c.Status)), moodOf(c.Status)), elapsed)
}

func moodOf(status string) mood {
	switch status {
	case completed:
		return good
	case failed:
		return bad
	case inProgress:
		return going
	default:
		return plain
	}
}

// watch polls the job until it is final, reports each change of its status
// once, and returns the job; a failed one comes with a [*jobFailedError].
//
// A job may be done before the first poll. The state that was passed unseen
// is reported all the same when the job says at what time it was started.
func (c *client) watch(ctx context.Context, id string, since time.Time, report func(change) error) (job, error) {
	delays := backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(5*time.Millisecond),
		backoff.WithMultiplier(1.3),
		backoff.WithRandomizationFactor(0),
		backoff.WithMaxInterval(time.Second),
		backoff.WithMaxElapsedTime(0),
	)
	var last job
	for {
		var now job
		if err := c.get(ctx, &now, "v1", "job", id); err != nil {
			return last, err
		}
		for _, change := range changes(last, now, time.Since(since)) {
			if err := report(change); err != nil {
				return now, err
			}
		}
		if now.final() {
			return now, now.failure()
		}
		last = now
		if err := pause(ctx, delays.NextBackOff()); err != nil {
			return now, err
		}
	}
}

// changes returns what has happened between two looks at a job. The times are
// the job's own where it has them, and else how long the watch goes on.
func changes(last, now job, watched time.Duration) []change {
	if last.Status == now.Status {
		return nil
	}
	report := func(status string, at time.Time) change {
		elapsed := watched
		if !at.IsZero() && !now.AcceptedAt.IsZero() {
			elapsed = at.Sub(now.AcceptedAt)
		}
		return change{JobID: now.ID, Status: status, ElapsedMs: float64(elapsed.Round(100*time.Microsecond)) / 1e6}
	}
	var list []change
	if last.Status == "" && now.Status != scheduled && !now.AcceptedAt.IsZero() {
		list = append(list, report(scheduled, now.AcceptedAt))
	}
	if now.final() && last.Status != inProgress && !now.StartedAt.IsZero() {
		list = append(list, report(inProgress, now.StartedAt))
	}
	at := map[string]time.Time{scheduled: now.AcceptedAt, inProgress: now.StartedAt, completed: now.FinishedAt, failed: now.FinishedAt}
	end := report(now.Status, at[now.Status])
	end.Message = now.Message
	return append(list, end)
}
