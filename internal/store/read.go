package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
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

// The bytes that one step reads of a list, at most, but for a single entry that
// is longer. The first step is the smallest, so that many answers that are asked for at
// once begin early, and each one after it twice as large.
const (
	firstPortion = 4 << 10
	portion      = 32 << 10
)

// patience is how many more times a portion is asked for, of which each takes less
// than two seconds, before a reading that has begun is broken off.
const patience = 4

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
	return jobOf(account, id, f), nil
}

// jobOf returns the job of which these are the fields of its record.
func jobOf(account, id string, f map[string]string) jobs.Job {
	state := parseJobState(f["state"])
	job := jobs.Job{
		ID: id, Account: account, ConversationID: state.conversation, Sequence: state.sequence,
		Status: state.status, Message: f["message"],
		AcceptedAt: state.accepted, StartedAt: state.started, FinishedAt: state.finished,
		CancelledAt: instant(f["cancelled"]),
	}
	first, _, _ := strings.Cut(f["body"], "\n")
	_ = decodeRetained(first, &job) // of one that cannot be read the rest is told; who works it fails it
	if job.Status == jobs.Completed && job.Analyzers == nil {
		job.Analyzers = usualAnalyzers()
	}
	return job
}

// Conversation returns a conversation of the account's, or
// [jobs.ErrUnknownConversation].
func (s *Store) Conversation(ctx context.Context, account, id string) (conversation.Conversation, error) {
	if !conversation.ValidID(id) {
		return conversation.Conversation{}, jobs.ErrUnknownConversation
	}
	record, people, err := s.readConversation(ctx, account, id, membersOnly)
	if err != nil {
		return conversation.Conversation{}, err
	}
	c, ok, err := decodeConversation(id, record, people)
	if err == nil && !ok {
		err = jobs.ErrUnknownConversation
	}
	return c, err
}

// EachMessage yields the messages of a conversation, in the order in which they
// were accepted, from the one with that index on. It reads them in portions as
// they are asked for, so a long conversation takes no more memory than a short
// one. The last it yields may be an error, such as [jobs.ErrUnknownConversation].
func (s *Store) EachMessage(ctx context.Context, account, id string, from int) iter.Seq2[conversation.Message, error] {
	if !conversation.ValidID(id) {
		return failed[conversation.Message](jobs.ErrUnknownConversation)
	}
	return eachEntry(ctx, s, listOf(s, account, id, "messages", shardKeys.messages, decodeMessage), from)
}

// MessagesAt yields the messages of a conversation at those indexes, which increase. It
// reads few at a time, as they are asked for. One that is not there any more is
// [jobs.ErrUnknownConversation], since messages go with their conversation.
func (s *Store) MessagesAt(ctx context.Context, account, id string, at iter.Seq[int]) iter.Seq2[conversation.Message, error] {
	if !conversation.ValidID(id) {
		return failed[conversation.Message](jobs.ErrUnknownConversation)
	}
	return entriesOf(ctx, s, listOf(s, account, id, "messages", shardKeys.messages, decodeMessage), at)
}

// InsightsAt yields the insights of a conversation at those indexes, in any order, as
// MessagesAt does.
func (s *Store) InsightsAt(ctx context.Context, account, id string, at iter.Seq[int]) iter.Seq2[analysis.Insight, error] {
	if !conversation.ValidID(id) {
		return failed[analysis.Insight](jobs.ErrUnknownConversation)
	}
	return entriesOf(ctx, s, listOf(s, account, id, "insights", shardKeys.insights, decodeJSON[analysis.Insight]), at)
}

// entriesOf yields the entries of a list at those indexes.
func entriesOf[T any](ctx context.Context, s *Store, l storedList[T], at iter.Seq[int]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		next, stop := iter.Pull(at)
		defer stop()
		for {
			some := firstOf(next, entriesAtOnce)
			if len(some) == 0 {
				return
			}
			entries, err := s.entriesAt(ctx, l.key, some)
			for n := 0; err == nil && n < len(entries); n++ {
				var v T
				if v, err = l.decode(entries[n]); err != nil {
					err = fmt.Errorf("decode an entry of %s: %w", l.key, err)
				} else if !yield(v, nil) {
					return
				}
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
		}
	}
}

// entriesAtOnce is how many messages or insights are read at once by their indexes: of the
// longest there may be they are about a megabyte.
const entriesAtOnce = 16

// firstOf returns the next values, so many at most.
func firstOf(next func() (int, bool), most int) (some []int) {
	for len(some) < most {
		n, ok := next()
		if !ok {
			break
		}
		some = append(some, n)
	}
	return some
}

// entriesAt returns the entries of a list at those indexes, each by a command
// of its own, or by one for those that follow one another.
func (s *Store) entriesAt(ctx context.Context, key string, at []int) ([]string, error) {
	entries, err := retry.Value(ctx, func(ctx context.Context) (entries []string, err error) {
		pipe := s.rdb.Pipeline()
		var parts []*redis.StringSliceCmd
		for from := 0; from < len(at); {
			to := from + 1
			for to < len(at) && at[to] == at[to-1]+1 {
				to++
			}
			parts = append(parts, pipe.LRange(ctx, key, int64(at[from]), int64(at[to-1])))
			from = to
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return nil, err
		}
		for _, part := range parts {
			entries = append(entries, part.Val()...)
		}
		return entries, nil
	})
	if err != nil {
		return nil, fault("read entries of "+key, err)
	}
	if len(entries) < len(at) {
		return nil, jobs.ErrUnknownConversation
	}
	return entries, nil
}

// EachInsight yields the insights of a conversation, as [Store.EachMessage] does.
func (s *Store) EachInsight(ctx context.Context, account, id string, from int) iter.Seq2[analysis.Insight, error] {
	if !conversation.ValidID(id) {
		return failed[analysis.Insight](jobs.ErrUnknownConversation)
	}
	return eachEntry(ctx, s, listOf(s, account, id, "insights", shardKeys.insights, decodeJSON[analysis.Insight]), from)
}

// Messages returns all messages of a conversation at once.
func (s *Store) Messages(ctx context.Context, account, id string) ([]conversation.Message, error) {
	return all(s.EachMessage(ctx, account, id, 0))
}

// Insights returns all insights of a conversation at once.
func (s *Store) Insights(ctx context.Context, account, id string) ([]analysis.Insight, error) {
	return all(s.EachInsight(ctx, account, id, 0))
}

// Attempts returns the records of the attempts to deliver a job's events, the
// oldest first, and the one that is under way; [jobs.ErrNotFound] if the account has no such job.
func (s *Store) Attempts(ctx context.Context, account, jobID string) ([]webhook.Attempt, error) {
	id, shard, ok := jobs.ParseID(jobID)
	if !ok || shard >= s.opts.Shards {
		return nil, jobs.ErrNotFound
	}
	k, m := keysOf(shard), member(account, id)
	var job *redis.StringCmd
	var events *redis.StringSliceCmd
	var state *redis.SliceCmd
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		job = pipe.HGet(ctx, k.job(m), "state")
		events = pipe.LRange(ctx, k.events(m), 0, 0)
		state = pipe.HMGet(ctx, k.state(lane.Deliver, m), "attempts", "refused", "halted", "claim", "began")
		if _, err := pipe.Exec(ctx); !errors.Is(err, redis.Nil) { // which is that there is no job
			return err
		}
		return nil
	})
	if err != nil {
		return nil, fault("read job "+id, err)
	}
	conversationID := parseJobState(job.Val()).conversation
	if conversationID == "" {
		return nil, jobs.ErrNotFound
	}
	ended, err := s.attemptsAt(ctx, k.attempts(m), id)
	flying := jobDeliveries{job: jobs.Job{Account: account, ID: id, ConversationID: conversationID}, events: events.Val(), lane: state.Val()}
	return append(ended, flying.inFlight()...), err
}

// A storedList is a list of which the entries are read, with what read_list wants to
// know of it.
type storedList[T any] struct {
	key    string
	owner  string // the key that says whose list it is
	kind   string // "messages" or "insights", of which the owner says how many count; or ""
	decode func(entry string) (T, error)
	none   error // if the owner is not there; may be nil
}

// listOf returns a list of a conversation.
func listOf[T any](
	s *Store, account, id, kind string, key func(shardKeys, string) string, decode func(string) (T, error),
) storedList[T] {
	k, m := keysOf(lane.ShardOf(id, s.opts.Shards)), member(account, id)
	return storedList[T]{key(k, m), k.state(lane.Append, m), kind, decode, jobs.ErrUnknownConversation}
}

func decodeJSON[T any](entry string) (v T, err error) {
	err = json.Unmarshal([]byte(entry), &v)
	return v, err
}

// eachEntry yields the entries of a list from the one with that index on, or the
// error.
func eachEntry[T any](ctx context.Context, s *Store, l storedList[T], from int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for at, size, more := from, firstPortion, true; more; size = min(2*size, portion) {
			r, err := l.read(ctx, s, at, size)
			for again := 0; at > from && again < patience && errors.Is(err, jobs.ErrUnavailable) && ctx.Err() == nil; again++ {
				r, err = l.read(ctx, s, at, size)
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for n := 2; n < len(r); n++ {
				v, err := l.decode(r.text(n))
				if err != nil {
					err = fmt.Errorf("decode an entry of %s: %w", l.key, err)
				}
				if !yield(v, err) || err != nil {
					return
				}
			}
			at, more = at+len(r)-2, r.text(1) != ""
		}
	}
}

// read reads entries from a place on, so many bytes at most.
func (l storedList[T]) read(ctx context.Context, s *Store, at, size int) (reply, error) {
	r, err := s.run(ctx, readList, "read "+l.key, []string{l.key, l.owner}, at, size, l.kind)
	if err == nil && r.word() == "unknown" {
		err = l.none
	}
	return r, err
}

// failed yields an error.
func failed[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

// all returns what is yielded, or the error.
func all[T any](each iter.Seq2[T, error]) ([]T, error) {
	found := []T{}
	for v, err := range each {
		if err != nil {
			return nil, err
		}
		found = append(found, v)
	}
	return found, nil
}
