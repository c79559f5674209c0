package store

import (
	"context"
	"errors"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// CancelJob cancels a job of the account's that waits. Its errors are
// [jobs.ErrNotFound], [jobs.ErrBegun] and [jobs.ErrEnded].
func (s *Store) CancelJob(ctx context.Context, account, id string) error {
	job, err := s.Job(ctx, account, id)
	if err != nil {
		return err
	}
	_, shard, _ := jobs.ParseID(job.ID)
	k, m, talk := keysOf(shard), member(account, job.ID), member(account, job.ConversationID)
	keys := []string{k.job(m), k.queue(talk), k.state(lane.Append, talk), k.body(m), k.claims(lane.Append)}
	r, err := s.run(ctx, cancelJob, "cancel job "+job.ID, keys, talk, job.ID)
	if err != nil {
		return err
	}
	switch r.word() {
	case "cancelled":
		return nil
	case "begun":
		return jobs.ErrBegun
	case "ended":
		return jobs.ErrEnded
	case "missing":
		return jobs.ErrNotFound
	}
	return r.unexpected("cancel job " + job.ID)
}

// Payload returns the append that a job was which has failed. Its errors are
// [jobs.ErrNotFound], [jobs.ErrNotFailed] and [jobs.ErrNoPayload].
func (s *Store) Payload(ctx context.Context, account, id string) (a jobs.Append, err error) {
	job, err := s.Job(ctx, account, id)
	if err != nil {
		return a, err
	}
	if job.Status != jobs.Failed {
		return a, jobs.ErrNotFailed
	}
	_, shard, _ := jobs.ParseID(job.ID)
	kept := keysOf(shard).payloads(member(account, job.ConversationID))
	text, err := retry.Value(ctx, func(ctx context.Context) (string, error) { return s.rdb.HGet(ctx, kept, job.ID).Result() })
	if errors.Is(err, redis.Nil) {
		return a, jobs.ErrNoPayload
	}
	if err != nil {
		return a, fault("read the text of job "+job.ID, err)
	}
	_, body, _ := strings.Cut(text, "\n")
	body, err = joinBody(body, func() (string, error) { return s.restOfBody(ctx, shard, account, job.ID) })
	if err == nil {
		err = decodeBody(body, &job)
	}
	if errors.Is(err, jobs.ErrUnavailable) {
		return a, err
	}
	if err != nil || len(job.Utterances) == 0 {
		return a, jobs.ErrNoPayload // it was cancelled, or is what it has failed for
	}
	return jobs.Append{
		Account: account, ConversationID: job.ConversationID, WebhookURL: job.WebhookURL, WebhookEvents: job.WebhookEvents,
		Options: job.Options, Utterances: job.Utterances,
	}, nil
}
