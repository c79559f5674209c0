package main

import (
	"context"
	"fmt"
	"time"

	"github.com/turnwise/turnwise/client"
)

// failure returns the error that a failed job is to those who wait for it.
func failure(j client.Job) error {
	if j.Status != client.Failed {
		return nil
	}
	return &jobFailedError{j.ID, j.Message}
}

// change is a status that a job has come to.
type change struct {
	JobID     string        `json:"jobId"`
	Status    client.Status `json:"status"`
	ElapsedMs float64       `json:"elapsedMs"`
	Message   string        `json:"message,omitempty"`
}

func (o output) change(c change) error {
	if o.json {
		return o.document(c)
	}
	elapsed := time.Duration(c.ElapsedMs * float64(time.Millisecond))
	return o.linef("%s  %s", o.paint(fmt.Sprintf("%-11s", clean(string(c.Status))), moodOf(c.Status)), elapsed)
}

func moodOf(status client.Status) mood {
	switch status {
	case client.Completed:
		return good
	case client.Failed:
		return bad
	case client.InProgress:
		return going
	default:
		return plain
	}
}

// watch reports each change of the job's status once, until it is final, and
// returns the job; a failed one comes with a [*jobFailedError].
//
// A job may be done before the first look at it. The state that was passed
// unseen is reported all the same when the job says at what time it was started.
func (s *session) watch(ctx context.Context, id string, since time.Time, report func(change) error) (client.Job, error) {
	var last client.Job
	for now, err := range s.api.WatchJob(ctx, id) {
		if err != nil {
			return last, err
		}
		for _, change := range changes(last, now, time.Since(since)) {
			if err := report(change); err != nil {
				return now, err
			}
		}
		last = now
	}
	return last, failure(last)
}

// changes returns what has happened between two looks at a job. The times are
// the job's own where it has them, and else how long the watch goes on.
func changes(last, now client.Job, watched time.Duration) []change {
	if last.Status == now.Status {
		return nil
	}
	report := func(status client.Status, at time.Time) change {
		elapsed := watched
		if !at.IsZero() && !now.AcceptedAt.IsZero() {
			elapsed = at.Sub(now.AcceptedAt)
		}
		return change{JobID: now.ID, Status: status, ElapsedMs: float64(elapsed.Round(100*time.Microsecond)) / 1e6}
	}
	var list []change
	if last.Status == "" && now.Status != client.Scheduled && !now.AcceptedAt.IsZero() {
		list = append(list, report(client.Scheduled, now.AcceptedAt))
	}
	if now.Status.Final() && last.Status != client.InProgress && !now.StartedAt.IsZero() {
		list = append(list, report(client.InProgress, now.StartedAt))
	}
	at := map[client.Status]time.Time{client.Scheduled: now.AcceptedAt, client.InProgress: now.StartedAt, client.Completed: now.FinishedAt, client.Failed: now.FinishedAt}
	end := report(now.Status, at[now.Status])
	end.Message = now.Message
	return append(list, end)
}
