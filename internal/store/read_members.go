package store

import (
	"context"
	"fmt"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

const (
	// membersPortion is about how many fields of members one step reads, of a
	// conversation that has many.
	membersPortion = 500
	// membersTries is how often they are read, because they were changed meanwhile.
	membersTries = 10
)

// Which fields of members are read of a conversation that has many of them: where the keys
// by which speakers are known are not needed, most fields are not.
const (
	everyField  = ""
	membersOnly = "[am]:*"
)

// readConversation returns the hashes of a conversation and its members as they
// are at one instant; of the latter those fields at least.
func (s *Store) readConversation(ctx context.Context, account, id, match string) (record, people map[string]string, err error) {
	k, m := keysOf(lane.ShardOf(id, s.opts.Shards)), member(account, id)
	for range membersTries {
		r, err := s.run(ctx, readConversation, "read conversation "+id, []string{k.conversation(m), k.members(m), k.state(lane.Append, m)})
		if err != nil {
			return nil, nil, err
		}
		record, people := r.conversation()
		if r.text(4) == "" {
			return record, people, nil
		}
		if people, err = s.readMembers(ctx, k.members(m), match); err != nil {
			return nil, nil, fault("read the members of conversation "+id, err)
		}
		now, err := s.readState(ctx, k, m)
		if err != nil {
			return nil, nil, err
		}
		if now.people == parseState(record["state"]).people {
			return record, people, nil
		}
	}
	return nil, nil, fmt.Errorf("read the members of conversation %s: %w: they were changed again and again", id, jobs.ErrUnavailable)
}

// readMembers returns the fields that match of a hash that is long, in portions. It is what it was at one
// instant only if nobody has changed it meanwhile.
func (s *Store) readMembers(ctx context.Context, key, match string) (map[string]string, error) {
	type page struct {
		fields []string // and values by turns
		next   uint64
	}
	var pages []page
	size := 0
	for cursor, more := uint64(0), true; more; more = cursor != 0 {
		p, err := retry.Value(ctx, func(ctx context.Context) (p page, err error) {
			p.fields, p.next, err = s.rdb.HScan(ctx, key, cursor, match, membersPortion).Result()
			return p, err
		})
		if err != nil {
			return nil, err
		}
		pages, cursor, size = append(pages, p), p.next, size+len(p.fields)/2
	}
	all := make(map[string]string, size) // which grows to thousands, and would be copied each time
	for _, p := range pages {
		for n := 0; n+1 < len(p.fields); n += 2 {
			all[p.fields[n]] = p.fields[n+1]
		}
	}
	return all, nil
}
