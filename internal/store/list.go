package store

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
)

// List returns the conversations of an account that q selects, in its order,
// or [query.ErrTooBroad] if it would have to look at more of them than
// [Options.MaxScan].
//
// There are three ways, and the cheapest that fits is taken:
//
//   - pick, if q names the conversations;
//   - walk, by start time, along the index of the account until the page is
//     full. What stands before the page is counted in the index, not read,
//     unless q has conditions that the index does not know;
//   - scan, in any other order or to count by such conditions: all
//     conversations in the window of q.
//
// Changes may go on meanwhile. The index of a shard is read in one step, so
// whatever is there and selected all the time is found, and found once, even
// if its start time moves. What is deleted meanwhile is left out, and the next
// takes its place.
func (s *Store) List(ctx context.Context, account string, q query.Query) (query.Page, error) {
	if q.Limit == 0 && !q.Count {
		return query.Page{}, nil
	}
	l := newListing(s, account, q)
	if w := q.Window(); w.IDs != nil {
		return l.pick(ctx, w.IDs)
	}
	desc, byTime := q.ByTime()
	r, exact := l.indexRange(desc)
	if !byTime || q.Count && !exact {
		return l.scan(ctx, r)
	}
	var found query.Page
	var err error
	if q.Count {
		if found.Total, err = r.size(ctx, s.rdb); err != nil {
			return query.Page{}, err
		}
	}
	if q.Limit > 0 && (!q.Count || q.Offset < found.Total) {
		found.Conversations, err = l.walk(ctx, r, exact)
	}
	return found, err
}

// A listing is one call of [Store.List].
type listing struct {
	rdb     redis.UniversalClient
	keys    []shardKeys
	account string
	query   query.Query
	most    int // conversations may be looked at

	fields []string // of a record, for what the query compares
}

func newListing(s *Store, account string, q query.Query) *listing {
	l := &listing{rdb: s.rdb, account: account, query: q, most: s.opts.MaxScan, fields: fieldsOf(q)}
	for shard := range s.opts.Shards {
		l.keys = append(l.keys, keysOf(shard))
	}
	return l
}

// pick lists those of a few conversations that the query selects.
func (l *listing) pick(ctx context.Context, ids []string) (query.Page, error) {
	if len(ids) > l.most {
		return query.Page{}, query.ErrTooBroad
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !conversation.ValidID(id) })
	var all []conversation.Conversation
	for chunk := range slices.Chunk(ids, readBatch) {
		some, err := l.read(ctx, chunk, nil)
		if err != nil {
			return query.Page{}, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, l.query.Compare)
	from := min(l.query.Offset, len(all))
	page := all[from:min(from+l.query.Limit, len(all))]
	return query.Page{Conversations: page, Total: len(all)}, nil
}

// fill appends to a page, in its order, those of the conversations that are
// still selected, until it is full.
func (l *listing) fill(ctx context.Context, page []conversation.Conversation, ids []string) ([]conversation.Conversation, error) {
	for len(ids) > 0 && len(page) < l.query.Limit {
		n := min(l.query.Limit-len(page), len(ids), readBatch)
		more, err := l.read(ctx, ids[:n], nil)
		if err != nil {
			return nil, err
		}
		page, ids = append(page, more...), ids[n:]
	}
	return page, nil
}
