package store

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// minSeek is the offset from which on it is cheaper to seek than to read the
// ids of what is passed over.
const minSeek = 1000

// A walk reads a range of the index until a page is full. When it needs more of
// the index it begins again, and reads twice as far. So it finds a conversation
// whose start time has moved to a part that was read before.
type walk struct {
	*listing
	part   indexRange
	sure   bool            // whether all that is in the range is selected
	offset int             // in the range
	known  map[string]bool // whether those that were looked at are selected
}

// walk returns the page of a query that is sorted by start time.
func (l *listing) walk(ctx context.Context, r indexRange, exact bool) ([]conversation.Conversation, error) {
	w := walk{listing: l, part: r, sure: exact && r.without == nil, offset: l.query.Offset, known: map[string]bool{}}
	if exact && w.offset >= minSeek {
		var err error
		if w.part, w.offset, err = r.seek(ctx, l.rdb, w.offset); err != nil {
			return nil, err
		}
	}
	// Conversations are spread evenly over the shards, but for chance.
	share := float64(min(w.offset, l.most)+l.query.Limit) / float64(len(r.keys))
	reach := l.most + l.query.Limit
	for n := int(share + 4*math.Sqrt(share) + 3); ; n *= 2 {
		n = min(n, reach+1)
		ids, all, err := w.part.head(ctx, l.rdb, n)
		if err != nil {
			return nil, err
		}
		page, err := w.page(ctx, ids[:min(len(ids), reach)])
		if err != nil || len(page) == l.query.Limit {
			return page, err
		}
		if len(ids) > reach {
			return nil, query.ErrTooBroad
		}
		if all {
			return page, nil
		}
	}
}

// page returns the part of the page that is among the first ids of the range.
func (w *walk) page(ctx context.Context, ids []string) ([]conversation.Conversation, error) {
	var page []conversation.Conversation
	skip := w.offset
	for chunk := range slices.Chunk(ids, readBatch) {
		if !w.sure {
			if err := w.learn(ctx, chunk); err != nil {
				return nil, err
			}
			chunk = slices.DeleteFunc(slices.Clone(chunk), func(id string) bool { return !w.known[id] })
		}
		passed := min(skip, len(chunk))
		skip -= passed
		var err error
		if page, err = w.fill(ctx, page, chunk[passed:]); err != nil {
			return nil, err
		}
		if len(page) == w.query.Limit {
			break
		}
	}
	slices.SortFunc(page, w.query.Compare) // once more: start times may have moved since the index was read
	return page, nil
}

// learn finds out whether conversations are selected, if it is not known yet.
func (w *walk) learn(ctx context.Context, ids []string) error {
	var fresh []string
	for _, id := range ids {
		if _, known := w.known[id]; !known {
			w.known[id] = false
			fresh = append(fresh, id)
		}
	}
	selected, err := w.read(ctx, fresh, w.fields)
	for _, c := range selected {
		w.known[c.ID] = true
	}
	return err
}

// spares is how many conversations behind the page are remembered. They replace
// those that are deleted before the page is read.
const spares = 100

// scan looks at all conversations of the range and returns the page and how
// many are selected. Of most conversations it reads what the query compares
// only, and it keeps no more of them than the end of the page needs.
func (l *listing) scan(ctx context.Context, r indexRange) (query.Page, error) {
	r.without = nil // these have to be looked at too
	size, err := r.size(ctx, l.rdb)
	if err != nil {
		return query.Page{}, err
	}
	if size > l.most {
		return query.Page{}, query.ErrTooBroad
	}
	ids, all, err := r.head(ctx, l.rdb, l.most+1)
	if err != nil {
		return query.Page{}, err
	}
	if !all || len(ids) > l.most { // they have become more
		return query.Page{}, query.ErrTooBroad
	}
	first := top{order: l.query.Compare, most: min(l.query.Offset, l.most) + l.query.Limit + spares}
	var found query.Page
	for chunk := range slices.Chunk(ids, readBatch) {
		selected, err := l.read(ctx, chunk, l.fields)
		if err != nil {
			return query.Page{}, err
		}
		found.Total += len(selected)
		first.add(selected)
	}
	found.Conversations, err = l.fill(ctx, nil, first.from(l.query.Offset))
	slices.SortFunc(found.Conversations, l.query.Compare) // once more: they may have changed since
	return found, err
}

// top holds the first of many conversations.
type top struct {
	order func(a, b conversation.Conversation) int
	most  int
	found []conversation.Conversation // up to twice as many, so that they are sorted seldom
}

// add reports whether there are now more than are held.
func (f *top) add(more []conversation.Conversation) bool {
	f.found = append(f.found, more...)
	full := len(f.found) > f.most
	if len(f.found) > 2*f.most {
		f.cut()
	}
	return full
}

func (f *top) cut() {
	slices.SortFunc(f.found, f.order)
	if len(f.found) > f.most {
		clear(f.found[f.most:])
		f.found = f.found[:f.most]
	}
}

// from returns their ids, but for the first offset.
func (f *top) from(offset int) []string {
	f.cut()
	var ids []string
	for _, c := range f.found[min(offset, len(f.found)):] {
		ids = append(ids, c.ID)
	}
	return ids
}

// readBatch is how many conversations are read in one round trip.
const readBatch = 500

// fieldsOf returns the fields of a conversation's hash that the query compares. It
// never returns nil.
func fieldsOf(q query.Query) []string {
	fields := []string{}
	add := func(f query.Field) {
		name, ok := map[query.Field]string{
			query.Name: "name", query.Metadata: "metadata", query.Label: "labels",
			query.Archived: "archived", query.ExternalID: "external", query.Status: "failed",
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
// order of their ids, with no more than the fields; with everything, if fields is nil,
// but that Members is nil of those that have more than were read at once.
func (l *listing) read(ctx context.Context, ids, fields []string) ([]conversation.Conversation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	replies, ahead := make([]recordReply, len(ids)), 0
	if fields == nil {
		ahead = l.ahead / len(ids)
	}
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := l.rdb.Pipeline()
		for i, id := range ids {
			k, m := l.keys[lane.ShardOf(id, len(l.keys))], member(l.account, id)
			replies[i].state = pipe.Get(ctx, k.state(lane.Append, m))
			switch {
			case fields == nil:
				replies[i].all = pipe.HGetAll(ctx, k.conversation(m))
			case len(fields) > 0:
				replies[i].some = pipe.HMGet(ctx, k.conversation(m), fields...)
			}
			if ahead > 0 { // Redis counts fields and values
				replies[i].people = pipe.HScan(ctx, k.members(m), 0, membersOnly, int64(2*ahead))
			}
		}
		_, err := pipe.Exec(ctx)
		if errors.Is(err, redis.Nil) {
			err = nil // a conversation that was deleted has no state
		}
		return err
	})
	if err != nil {
		return nil, fault("read conversations", err)
	}
	found := make([]conversation.Conversation, 0, len(ids))
	for i, id := range ids {
		people := replies[i].members()
		c, ok, err := decodeConversation(id, replies[i].record(fields), people)
		if err != nil {
			return nil, err
		}
		if people == nil {
			c.Members = nil
		}
		if ok {
			found = append(found, c)
		}
		l.ahead = max(l.ahead-len(people), 0)
	}
	return l.selected(ctx, found)
}

// selected returns those of the conversations that are selected. Members that are read
// because the query looks at them are not kept.
func (l *listing) selected(ctx context.Context, found []conversation.Conversation) ([]conversation.Conversation, error) {
	if !l.query.NeedsMembers() {
		return slices.DeleteFunc(found, func(c conversation.Conversation) bool { return !l.query.Match(c) }), nil
	}
	fits := make(map[string]bool, len(found))
	for c, err := range l.store.WithMembers(ctx, l.account, found) {
		if err != nil {
			return nil, err
		}
		fits[c.ID] = l.query.Match(c)
	}
	return slices.DeleteFunc(found, func(c conversation.Conversation) bool { return !fits[c.ID] }), nil
}

// A recordReply is what Redis says of a conversation, all of it or some.
type recordReply struct {
	all    *redis.MapStringStringCmd
	some   *redis.SliceCmd
	state  *redis.StringCmd // of its lane
	people *redis.ScanCmd   // the first of the members; may be nil
}

// members returns the hash of the members, nil unless it was read, and whole.
func (g recordReply) members() map[string]string {
	if g.people == nil {
		return nil
	}
	fields, rest := g.people.Val()
	if rest != 0 {
		return nil
	}
	people := make(map[string]string, len(fields)/2)
	for n := 0; n+1 < len(fields); n += 2 {
		people[fields[n]] = fields[n+1]
	}
	return people
}

// record returns the hash of the conversation and the state of its lane, which is ""
// if there is none.
func (g recordReply) record(fields []string) map[string]string {
	record := map[string]string{}
	if g.all != nil {
		maps.Copy(record, g.all.Val())
	}
	if g.some != nil {
		for i, v := range g.some.Val() {
			if s, ok := v.(string); ok {
				record[fields[i]] = s
			}
		}
	}
	record["state"] = g.state.Val()
	return record
}
