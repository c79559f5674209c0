package store

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// keyRetention is how long an idempotency key is remembered.
const keyRetention = 24 * time.Hour

// BindKey implements [jobs.Keys].
func (s *Store) BindKey(ctx context.Context, account, key, fingerprint, jobID string) (jobs.Receipt, bool, error) {
	const step = "bind the idempotency key"
	replaced := ""
	for {
		r, err := s.run(ctx, bindKey, step, []string{idempotencyKey(account, key)},
			fingerprint, jobID, ms(keyRetention), replaced)
		if err != nil {
			return jobs.Receipt{}, false, err
		}
		held := r.text(2)
		switch r.word() {
		case "bound":
			return jobs.Receipt{}, false, nil
		case "held":
		default:
			return jobs.Receipt{}, false, r.unexpected(step)
		}
		job, err := s.Job(ctx, account, held)
		same := r.text(1) == fingerprint
		switch {
		case err == nil && same:
			return jobs.Receipt{ConversationID: job.ConversationID, JobID: job.ID}, true, nil
		case err == nil:
			return jobs.Receipt{}, false, jobs.ErrKeyReused
		case !errors.Is(err, jobs.ErrNotFound):
			return jobs.Receipt{}, false, err
		case same && held == jobID:
			return jobs.Receipt{}, false, nil
		}
		replaced = held // that request was refused, or never got this far
	}
}

// bindTimeout is how long a request may take to make the conversation of
// an external id.
const bindTimeout = 3 * time.Second

// BindExternalID binds an external id of the account's to a conversation that
// the caller is about to make under the id returned, or has made already: the
// same request gets the same id however often it comes. Another request gets
// [edit.ErrExternalIDTaken] if that conversation exists, and
// [edit.ErrContended] as long as it may yet come to be. One that never did, or
// was deleted, gives the external id up.
func (s *Store) BindExternalID(ctx context.Context, account, externalID, fingerprint string) (id string, err error) {
	if id, err = s.unusedID(ctx, account); err != nil {
		return "", err
	}
	held, bound, err := s.bindExternalID(ctx, account, externalID, fingerprint, id, "")
	if err != nil || bound {
		return held, err
	}
	made, err := s.exists(ctx, account, held)
	switch {
	case err != nil:
		return "", err
	case made:
		return "", edit.ErrExternalIDTaken
	}
	id, bound, err = s.bindExternalID(ctx, account, externalID, fingerprint, id, held)
	if err == nil && !bound {
		err = edit.ErrContended
	}
	return id, err
}

// ByExternalID returns the id of the account's conversation that has the
// external id, or [jobs.ErrUnknownConversation].
func (s *Store) ByExternalID(ctx context.Context, account, externalID string) (string, error) {
	id, err := retry.Value(ctx, func(ctx context.Context) (string, error) {
		return s.rdb.HGet(ctx, externalKey(account, externalID), "conversation").Result()
	})
	if errors.Is(err, redis.Nil) {
		return "", jobs.ErrUnknownConversation
	}
	if err != nil {
		return "", fault("look up an external id", err)
	}
	made, err := s.exists(ctx, account, id)
	if err == nil && !made {
		err = jobs.ErrUnknownConversation
	}
	return id, err
}

func (s *Store) bindExternalID(ctx context.Context, account, externalID, fingerprint, id, replaces string) (held string, bound bool, err error) {
	const step = "bind an external id"
	r, err := s.run(ctx, bindExternal, step, []string{externalKey(account, externalID)},
		id, fingerprint, replaces, ms(bindTimeout))
	if err != nil {
		return "", false, err
	}
	switch r.word() {
	case "bound", "held":
		return r.text(1), r.word() == "bound", nil
	}
	return "", false, r.unexpected(step)
}

// unusedID draws an id that no conversation of the account has.
func (s *Store) unusedID(ctx context.Context, account string) (string, error) {
	for {
		id := conversation.NewID()
		used, err := s.exists(ctx, account, id)
		if err != nil || !used {
			return id, err
		}
	}
}

func (s *Store) exists(ctx context.Context, account, id string) (bool, error) {
	k := keysOf(lane.ShardOf(id, s.opts.Shards))
	n, err := retry.Value(ctx, func(ctx context.Context) (int64, error) {
		return s.rdb.Exists(ctx, k.state(lane.Append, member(account, id))).Result()
	})
	if err != nil {
		return false, fault("look for conversation "+id, err)
	}
	return n > 0, nil
}

// unbindExternalID frees the external id of a conversation that was deleted.
func (s *Store) unbindExternalID(ctx context.Context, account, externalID, id string) error {
	_, err := s.run(ctx, unbindExternal, "unbind an external id", []string{externalKey(account, externalID)}, id)
	return err
}
