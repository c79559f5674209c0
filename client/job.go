package client

import (
	"context"
	"iter"
	"time"

	"github.com/cenkalti/backoff/v4"
)

// Status is the status of a job.
type Status string

// The statuses, in the order in which a job has them; it ends as one of the
// last two.
const (
	Scheduled  Status = "scheduled"
	InProgress Status = "in_progress"
	Completed  Status = "completed"
	Failed     Status = "failed"
)

// Final reports whether the status is the last one of its job.
func (s Status) Final() bool { return s == Completed || s == Failed }

// A Job is one append to a conversation.
type Job struct {
	ID             string    `json:"id"`
	Status         Status    `json:"status"`
	Message        string    `json:"message"` // why it failed
	ConversationID string    `json:"conversationId"`
	AcceptedAt     time.Time `json:"acceptedAt"`
	StartedAt      time.Time `json:"startedAt"`  // zero until then
	FinishedAt     time.Time `json:"finishedAt"` // zero until then
	Analyzers      []string  `json:"analyzers"`  // whose results a completed job has: "local", and maybe others
}

// Job returns a job.
func (c *Client) Job(ctx context.Context, id string) (Job, error) {
	return get[Job](ctx, c, nil, "v1", "job", id)
}

// WaitJob waits until a job is completed and returns it. If it fails, the
// error is a [*JobError].
func (c *Client) WaitJob(ctx context.Context, id string) (Job, error) {
	var last Job
	for job, err := range c.WatchJob(ctx, id) {
		if err != nil {
			return last, err
		}
		last = job
	}
	if last.Status == Failed {
		return last, &JobError{last}
	}
	return last, nil
}

// WatchJob yields a job at once and after each change of its status, until that
// is final. The job is read at intervals: a status that it had only between two
// reads is not yielded, but the job has the time of it. After an error nothing
// more is yielded.
func (c *Client) WatchJob(ctx context.Context, id string) iter.Seq2[Job, error] {
	return func(yield func(Job, error) bool) {
		delays := backoff.NewExponentialBackOff(
			backoff.WithInitialInterval(5*time.Millisecond),
			backoff.WithMultiplier(1.3),
			backoff.WithRandomizationFactor(0),
			backoff.WithMaxInterval(time.Second),
			backoff.WithMaxElapsedTime(0),
		)
		var seen Status
		for {
			job, err := c.Job(ctx, id)
			if err == nil && job.Status != seen {
				seen = job.Status
				if !yield(job, nil) || job.Status.Final() {
					return
				}
			}
			if err == nil {
				err = pause(ctx, delays.NextBackOff())
			}
			if err != nil {
				yield(Job{}, err)
				return
			}
		}
	}
}
