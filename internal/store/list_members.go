package store

import (
	"context"
	"iter"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// fieldsAtOnce is how many fields of members are read and held at once, but of a single
// conversation that has more.
const fieldsAtOnce = 4000

// WithMembers yields the conversations of a page with their members, or an error at the
// end. Those that the page has not are read a few conversations ahead, so whoever takes one
// conversation after the other holds those of a few. What was deleted by then is left out.
func (s *Store) WithMembers(ctx context.Context, account string, page []conversation.Conversation) iter.Seq2[conversation.Conversation, error] {
	return func(yield func(conversation.Conversation, error) bool) {
		for some := range slices.Chunk(page, readBatch) {
			crowds, err := s.crowdsOf(ctx, account, some)
			if err != nil {
				yield(conversation.Conversation{}, err)
				return
			}
			for len(crowds) > 0 {
				few := crowds[:fitting(crowds)]
				if !s.yieldCrowds(ctx, few, yield) {
					return
				}
				crowds = crowds[len(few):]
			}
		}
	}
}

// A crowd is a conversation whose members are not read yet.
type crowd struct {
	conversation.Conversation

	key    string // of the hash of its members
	fields int    // that it has; none if its members are read
}

// crowdsOf returns those of the conversations that are still there.
func (s *Store) crowdsOf(ctx context.Context, account string, some []conversation.Conversation) ([]crowd, error) {
	crowds := make([]crowd, len(some))
	there, fields := make([]*redis.IntCmd, len(some)), make([]*redis.IntCmd, len(some))
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		for n, c := range some {
			crowds[n].Conversation = c
			if c.Members != nil {
				continue
			}
			k, m := keysOf(lane.ShardOf(c.ID, s.opts.Shards)), member(account, c.ID)
			crowds[n].key = k.members(m)
			there[n], fields[n] = pipe.Exists(ctx, k.state(lane.Append, m)), pipe.HLen(ctx, k.members(m))
		}
		if pipe.Len() == 0 {
			return nil
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return nil, fault("count the members of conversations", err)
	}
	left := crowds[:0]
	for n, c := range crowds {
		if fields[n] != nil {
			c.fields = int(fields[n].Val())
		}
		if there[n] == nil || there[n].Val() > 0 {
			left = append(left, c)
		}
	}
	return left, nil
}

// fitting returns how many of the first of some conversations are read at once.
func fitting(crowds []crowd) (n int) {
	for fields := 0; n < len(crowds) && (n == 0 || fields+crowds[n].fields <= fieldsAtOnce); n++ {
		fields += crowds[n].fields
	}
	return n
}

// yieldCrowds yields conversations with their members, and reports whether to go on.
func (s *Store) yieldCrowds(ctx context.Context, few []crowd, yield func(conversation.Conversation, error) bool) bool {
	people, err := s.membersOfFew(ctx, few)
	if err != nil {
		return yield(conversation.Conversation{}, fault("read the members of conversations", err)) && false
	}
	for n, c := range few {
		if c.fields > membersPortion {
			if people[n], err = s.readMembers(ctx, c.key, membersOnly); err != nil {
				return yield(conversation.Conversation{}, fault("read the members of conversation "+c.ID, err)) && false
			}
		}
		full := c.Conversation
		if full.Members == nil {
			if full.Members, full.Merged, err = decodePeople(people[n]); err != nil {
				return yield(conversation.Conversation{}, err) && false
			}
		}
		people[n] = nil
		if !yield(full, nil) {
			return false
		}
	}
	return true
}

// membersOfFew returns the hashes of members, nil for those that take more than one step.
func (s *Store) membersOfFew(ctx context.Context, few []crowd) (people []map[string]string, err error) {
	replies := make([]*redis.MapStringStringCmd, len(few))
	err = retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		for n, c := range few {
			if 0 < c.fields && c.fields <= membersPortion {
				replies[n] = pipe.HGetAll(ctx, c.key)
			}
		}
		if pipe.Len() == 0 {
			return nil
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	people = make([]map[string]string, len(few))
	for n, r := range replies {
		if r != nil {
			people[n] = r.Val()
		}
	}
	return people, nil
}
