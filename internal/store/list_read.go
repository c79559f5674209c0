package store

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// readBatch is how many conversations are read in one round trip.
const readBatch = 500

// fieldsOf returns the fields of a conversation's hash that the query compares.
func fieldsOf(q query.Query) []string {
	fields := []string{"accepted", "begin", "start", "end"} // accepted is always there
	add := func(f query.Field) {
		name, ok := map[query.Field]string{
			query.Name: "name", query.Metadata: "metadata", query.Label: "labels",
			query.Archived: "archived", query.ExternalID: "external",
		}[f]
		if ok && !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	for _, c := range q.Filter {
		add(c.Field)
	}
	for _, k := range q.Sort {
		add(k.Field)
	}
	return fields
}

// read returns those of the conversations that are there and selected, in the
// order of their ids, with no more than the fields; with everything, if fields
// is nil.
func (l *listing) read(ctx context.Context, ids, fields []string) ([]conversation.Conversation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	replies := make([]recordReply, len(ids))
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := l.rdb.Pipeline()
		for i, id := range ids {
			k, m := l.keys[lane.ShardOf(id, len(l.keys))], member(l.account, id)
			if fields == nil {
				replies[i].all = pipe.HGetAll(ctx, k.conversation(m))
			} else {
				replies[i].some = pipe.HMGet(ctx, k.conversation(m), fields...)
			}
			if fields == nil || l.query.NeedsMembers() {
				replies[i].people = pipe.HGetAll(ctx, k.members(m))
			}
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return nil, fault("read conversations", err)
	}
	selected := make([]conversation.Conversation, 0, len(ids))
	for i, id := range ids {
		c, ok, err := decodeConversation(id, replies[i].record(fields), replies[i].members())
		if err != nil {
			return nil, err
		}
		if ok && l.query.Match(c) {
			selected = append(selected, c)
		}
	}
	return selected, nil
}

// A recordReply is what Redis says of a conversation, all of it or some.
type recordReply struct {
	all    *redis.MapStringStringCmd
	some   *redis.SliceCmd
	people *redis.MapStringStringCmd // may be nil
}

// record returns the hash of the conversation, empty if there is none.
func (g recordReply) record(fields []string) map[string]string {
	if g.all != nil {
		return g.all.Val()
	}
	record := make(map[string]string, len(fields))
	for i, v := range g.some.Val() {
		if s, ok := v.(string); ok {
			record[fields[i]] = s
		}
	}
	return record
}

func (g recordReply) members() map[string]string {
	if g.people == nil {
		return nil
	}
	return g.people.Val()
}
