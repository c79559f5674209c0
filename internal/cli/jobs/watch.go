package jobs

import (
	"context"
	"time"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// failure returns the error that a command ends with if the job has failed.
func failure(j client.Job) error {
	if j.Status != client.Failed {
		return nil
	}
	return &client.JobError{Job: j}
}

// change is a status that a job has reached.
type change struct {
	JobID     string        `json:"jobId"`
	Status    client.Status `json:"status"`
	ElapsedMs float64       `json:"elapsedMs"`
	Message   string        `json:"message,omitempty"`
}

func printChange(p output.Printer, c change) error {
	if p.JSON {
		return p.Document(c)
	}
	elapsed := time.Duration(c.ElapsedMs * float64(time.Millisecond))
	return p.Linef("%s  %s", p.Status(c.Status), elapsed)
}

// watch prints each change of the job's status once, until it is final, and
// returns the job. If it has failed, the error is a [*client.JobError].
//
// A job may be done before it is first read. A status that it had in between
// is printed all the same if the job has the time of it.
func watch(ctx context.Context, s *session.Session, id string, since time.Time) (client.Job, error) {
	var last client.Job
	for now, err := range s.API.WatchJob(ctx, id) {
		if err != nil {
			return last, err
		}
		for _, change := range changes(last, now, time.Since(since)) {
			if err := printChange(s.Out, change); err != nil {
				return now, err
			}
		}
		last = now
	}
	return last, failure(last)
}

// changes returns the statuses that a job has reached between two reads. Their
// times are the job's own where it has them, and else the time since the watch
// began.
func changes(last, now client.Job, watched time.Duration) []change {
	if last.Status == now.Status {
		return nil
	}
	reached := func(status client.Status, at time.Time) change {
		elapsed := watched
		if !at.IsZero() && !now.AcceptedAt.IsZero() {
			elapsed = at.Sub(now.AcceptedAt)
		}
		return change{JobID: now.ID, Status: status, ElapsedMs: float64(elapsed.Round(100*time.Microsecond)) / 1e6}
	}
	var list []change
	if last.Status == "" && now.Status != client.Scheduled && !now.AcceptedAt.IsZero() {
		list = append(list, reached(client.Scheduled, now.AcceptedAt))
	}
	if now.Status.Final() && last.Status != client.InProgress && !now.StartedAt.IsZero() {
		list = append(list, reached(client.InProgress, now.StartedAt))
	}
	at := map[client.Status]time.Time{client.Scheduled: now.AcceptedAt, client.InProgress: now.StartedAt, client.Completed: now.FinishedAt, client.Failed: now.FinishedAt}
	end := reached(now.Status, at[now.Status])
	end.Message = now.Message
	return append(list, end)
}
