package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
	"github.com/turnwise/turnwise/internal/webhook"
)

// page is how many entries of a list are read at once, so that a long one
// does not hold Redis up.
const page = 1000

// Job implements [jobs.Intake].
func (s *Store) Job(ctx context.Context, account, id string) (jobs.Job, error) {
	id, shard, ok := jobs.ParseID(id)
	if !ok || shard >= s.opts.Shards {
		return jobs.Job{}, jobs.ErrNotFound
	}
	job, err := s.readJob(ctx, keysOf(shard), account, id)
	if err != nil || job.Status.Final() {
		return job, err
	}
	// What is in progress, only the state of its lane says.
	state, err := s.readState(ctx, keysOf(shard), member(account, job.ConversationID))
	if err != nil {
		return jobs.Job{}, err
	}
	switch settled := state.settled; {
	case settled >= job.Sequence: // it has ended between the two looks
		return s.readJob(ctx, keysOf(shard), account, id)
	case settled == job.Sequence-1 && !state.started.IsZero():
		job.Status, job.StartedAt = jobs.InProgress, state.started
	}
	return job, nil
}

// readState returns the state of an append lane, zero if its conversation is not
// there.
func (s *Store) readState(ctx context.Context, k shardKeys, m string) (laneState, error) {
	packed, err := retry.Value(ctx, func(ctx context.Context) (string, error) {
		packed, err := s.rdb.Get(ctx, k.state(lane.Append, m)).Result()
		if errors.Is(err, redis.Nil) {
			err = nil
		}
		return packed, err
	})
	if err != nil {
		return laneState{}, fault("read the state of lane "+m, err)
	}
	return parseState(packed), nil
}

// readJob returns the record of a job. One that is not final is scheduled there.
func (s *Store) readJob(ctx context.Context, k shardKeys, account, id string) (jobs.Job, error) {
	f, err := retry.Value(ctx, func(ctx context.Context) (map[string]string, error) {
		return s.rdb.HGetAll(ctx, k.job(member(account, id))).Result()
	})
	if err != nil {
		return jobs.Job{}, fault("read job "+id, err)
	}
	if len(f) == 0 {
		return jobs.Job{}, jobs.ErrNotFound
	}
	sequence, _ := strconv.ParseInt(f["sequence"], 10, 64)
	job := jobs.Job{
		ID: id, Account: account, ConversationID: f["conversation"], Sequence: sequence,
		Status: jobs.Status(f["status"]), Message: f["message"],
		AcceptedAt: instant(f["accepted"]), StartedAt: instant(f["started"]), FinishedAt: instant(f["finished"]),
	}
	first, _, _ := strings.Cut(f["body"], "\n")
	_ = decodeRetained(first, &job) // of one that cannot be read the rest is told; who works it fails it
	return job, nil
}

// Conversation returns a conversation of the account's, or
// [jobs.ErrUnknownConversation].
func (s *Store) Conversation(ctx context.Context, account, id string) (conversation.Conversation, error) {
	if !conversation.ValidID(id) {
		return conversation.Conversation{}, jobs.ErrUnknownConversation
	}
	record, people, err := s.readConversation(ctx, account, id)
	if err != nil {
		return conversation.Conversation{}, err
	}
	c, ok, err := decodeConversation(id, record, people)
	if err == nil && !ok {
		err = jobs.ErrUnknownConversation
	}
	return c, err
}

// readConversation returns the hashes of a conversation and its members as they
// are at one instant.
func (s *Store) readConversation(ctx context.Context, account, id string) (record, people map[string]string, err error) {
	k, m := keysOf(lane.ShardOf(id, s.opts.Shards)), member(account, id)
	r, err := s.run(ctx, readConversation, "read conversation "+id, []string{k.conversation(m), k.members(m), k.state(lane.Append, m)})
	if err != nil {
		return nil, nil, err
	}
	record, people = r.conversation()
	return record, people, nil
}

// Messages returns all messages of a conversation, in the order in which they
// were accepted, or [jobs.ErrUnknownConversation].
func (s *Store) Messages(ctx context.Context, account, id string) ([]conversation.Message, error) {
	return readList[conversation.Message](ctx, s, account, id, shardKeys.messages)
}

// Insights returns all insights of a conversation, or
// [jobs.ErrUnknownConversation].
func (s *Store) Insights(ctx context.Context, account, id string) ([]analysis.Insight, error) {
	return readList[analysis.Insight](ctx, s, account, id, shardKeys.insights)
}

// Attempts returns the records of the attempts to deliver a job's events, the
// oldest first; [jobs.ErrNotFound] if the account has no such job.
func (s *Store) Attempts(ctx context.Context, account, jobID string) ([]webhook.Attempt, error) {
	id, shard, ok := jobs.ParseID(jobID)
	if !ok || shard >= s.opts.Shards {
		return nil, jobs.ErrNotFound
	}
	k, m := keysOf(shard), member(account, id)
	known, err := retry.Value(ctx, func(ctx context.Context) (int64, error) { return s.rdb.Exists(ctx, k.job(m)).Result() })
	if err != nil {
		return nil, fault("read job "+id, err)
	}
	if known == 0 {
		return nil, jobs.ErrNotFound
	}
	return s.attemptsAt(ctx, k.attempts(m), id)
}

func readList[T any](ctx context.Context, s *Store, account, id string, key func(shardKeys, string) string) ([]T, error) {
	if !conversation.ValidID(id) {
		return nil, jobs.ErrUnknownConversation
	}
	k, m := keysOf(lane.ShardOf(id, s.opts.Shards)), member(account, id)
	known, err := retry.Value(ctx, func(ctx context.Context) (int64, error) { return s.rdb.Exists(ctx, k.conversation(m)).Result() })
	if err != nil {
		return nil, fault("read conversation "+id, err)
	}
	if known == 0 {
		return nil, jobs.ErrUnknownConversation
	}
	return decodeList[T](ctx, s.rdb, key(k, m))
}

func decodeList[T any](ctx context.Context, rdb redis.UniversalClient, key string) ([]T, error) {
	all := []T{}
	for from := int64(0); ; from += page {
		entries, err := retry.Value(ctx, func(ctx context.Context) ([]string, error) {
			return rdb.LRange(ctx, key, from, from+page-1).Result()
		})
		if err != nil {
			return nil, fault("read "+key, err)
		}
		for _, e := range entries {
			var v T
			if err := json.Unmarshal([]byte(e), &v); err != nil {
				return nil, fmt.Errorf("decode an entry of %s: %w", key, err)
			}
			all = append(all, v)
		}
		if len(entries) < page {
			return all, nil
		}
	}
}
