package store

import (
	"context"
	"encoding/base64"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
)

// List returns the conversations of an account that q selects, in its order, or
// [query.ErrTooBroad] if it would have to look at more of them than
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
// If q asks for parts, the walk or the scan stops after [Options.MaxScan] and goes
// on another time, see [listing.part].
//
// Changes may go on meanwhile. The index of a shard is read in one step, so
// whatever is there and selected all the time is found, and found once, even
// if its start time moves. What is deleted meanwhile is left out, and the next
// takes its position.
func (s *Store) List(ctx context.Context, account string, q query.Query) (query.Page, error) {
	if q.Limit == 0 && (!q.Count || q.Parts) {
		return query.Page{Cursor: q.Cursor, More: q.Parts}, nil
	}
	l := newListing(s, account, q)
	if w := q.Window(); w.IDs != nil {
		return l.pickPart(ctx, w.IDs)
	}
	desc, byTime := q.ByTime()
	r, exact := l.indexRange(desc)
	if q.Parts {
		return l.part(ctx, r, exact, byTime)
	}
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
	store   *Store
	rdb     redis.UniversalClient
	keys    []shardKeys
	account string
	query   query.Query
	most    int // conversations may be looked at

	fields []string // of a record, for what the query compares
	ahead  int      // how many fields of members may still be read with conversations
}

func newListing(s *Store, account string, q query.Query) *listing {
	l := &listing{store: s, rdb: s.rdb, account: account, query: q, most: s.opts.MaxScan, fields: fieldsOf(q), ahead: fieldsAtOnce}
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
	end := min(from+l.query.Limit, len(all))
	return query.Page{Conversations: all[from:end], Total: len(all), More: end < len(all)}, nil
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

// A position is where a list in parts goes on. A cursor is a position as JSON, in base64.
type position struct {
	Start int64  `json:"t,omitzero"`  // of the conversation in the index that was looked at last
	ID    string `json:"i,omitempty"` // its id; empty at the beginning

	// Of a list in another order than that of the index: what stands behind After is
	// wanted, and Best are the first of those that were looked at.
	After *boundary `json:"a,omitempty"`
	Best  []string  `json:"b,omitempty"`
	Other bool      `json:"o,omitzero"` // whether there are others than Best
	Page  int       `json:"p,omitzero"` // how many of a list of ids were answered
}

// A boundary is what a query compares of a conversation.
type boundary struct {
	ID       string            `json:"i"`
	Name     string            `json:"n,omitempty"`
	Start    time.Time         `json:"s"`
	End      time.Time         `json:"e"`
	Metadata map[string]string `json:"m,omitempty"`
}

// boundaryOf leaves out what the query does not sort by.
func (l *listing) boundaryOf(c conversation.Conversation) *boundary {
	b := &boundary{ID: c.ID, Start: c.Start, End: c.End, Metadata: map[string]string{}}
	for _, k := range l.query.Sort {
		switch k.Field {
		case query.Name:
			b.Name = c.Name
		case query.Metadata:
			if v, ok := c.Metadata[k.Name]; ok {
				b.Metadata[k.Name] = v
			}
		default: // these are always there
		}
	}
	return b
}

func (b boundary) conversation() conversation.Conversation {
	return conversation.Conversation{ID: b.ID, Type: "meeting", Name: b.Name, Start: b.Start, End: b.End, Metadata: b.Metadata}
}

func (p position) cursor() (string, error) {
	text, err := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(text), err
}

func parsePosition(cursor string) (p position, err error) {
	if cursor == "" {
		return p, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	valid := func(id string) bool { return conversation.ValidID(id) }
	if err != nil || p.ID != "" && !valid(p.ID) || len(p.Best) > maxPart || slices.ContainsFunc(p.Best, func(id string) bool { return !valid(id) }) || p.Page < 0 {
		return position{}, query.ErrCursor
	}
	return p, nil
}

// maxPart is how many conversations a part has at most.
const maxPart = 1000

// maxBest is the same of a list in another order than that of the index, the cursor
// of which has their ids.
const maxBest = 100

// part returns a part of the list: what is found among the next [Options.MaxScan] in
// the index. In the order of the index these are answered as they are found. In
// another order nothing is answered before all were looked at; until then the cursor
// has the ids of the first ones so far.
func (l *listing) part(ctx context.Context, r indexRange, exact, byTime bool) (query.Page, error) {
	at, err := parsePosition(l.query.Cursor)
	if err != nil {
		return query.Page{}, err
	}
	var found query.Page
	if byTime {
		l.query.Limit = min(l.query.Limit, maxPart)
		found, err = l.partOfWalk(ctx, r, exact && r.without == nil, &at)
	} else {
		l.query.Limit = min(l.query.Limit, maxBest)
		found, err = l.partOfScan(ctx, r, &at)
	}
	if err == nil {
		found.Cursor, err = at.cursor()
	}
	return found, err
}

// pickPart is pick, by parts if the query asks for them.
func (l *listing) pickPart(ctx context.Context, ids []string) (query.Page, error) {
	if !l.query.Parts {
		return l.pick(ctx, ids)
	}
	at, err := parsePosition(l.query.Cursor)
	if err != nil {
		return query.Page{}, err
	}
	l.query.Offset = at.Page
	found, err := l.pick(ctx, ids)
	if err != nil {
		return query.Page{}, err
	}
	at.Page += len(found.Conversations)
	found.Cursor, err = at.cursor()
	return found, err
}

// partOfWalk goes on along the index until the part is full or enough was looked at.
func (l *listing) partOfWalk(ctx context.Context, r indexRange, sure bool, at *position) (query.Page, error) {
	want := l.most
	if sure {
		want = l.query.Limit
	}
	entries, all, err := r.next(ctx, l.rdb, *at, want)
	if err != nil {
		return query.Page{}, err
	}
	found := query.Page{More: !all}
	for from, size := 0, 2*l.query.Limit; from < len(entries); from, size = from+size, 2*size {
		size = min(size, readBatch, len(entries)-from)
		chunk := entries[from : from+size]
		some, used, err := l.firstSelected(ctx, chunk, l.query.Limit-len(found.Conversations))
		if err != nil {
			return query.Page{}, err
		}
		found.Conversations = append(found.Conversations, some...)
		last := chunk[used-1]
		at.Start, at.ID = last.start, last.id
		if len(found.Conversations) == l.query.Limit {
			found.More = found.More || last != entries[len(entries)-1]
			break
		}
	}
	slices.SortFunc(found.Conversations, l.query.Compare) // start times may have moved since the index was read
	return found, nil
}

// firstSelected returns the first of the conversations that are selected, so many at most, and
// how many were used up for them.
func (l *listing) firstSelected(ctx context.Context, chunk []entry, most int) (found []conversation.Conversation, used int, err error) {
	selected, err := l.read(ctx, idsOf(chunk), l.fields)
	if err != nil {
		return nil, 0, err
	}
	used = len(chunk)
	if len(selected) >= most {
		selected = selected[:most]
		last := selected[most-1].ID
		used = 1 + slices.IndexFunc(chunk, func(e entry) bool { return e.id == last })
	}
	ids := make([]string, len(selected))
	for i, c := range selected {
		ids[i] = c.ID
	}
	found, err = l.fill(ctx, nil, ids)
	return found, used, err
}

// partOfScan looks at the next conversations of the index, and keeps the first of all
// so far.
func (l *listing) partOfScan(ctx context.Context, r indexRange, at *position) (query.Page, error) {
	r.without = nil // these have to be looked at too
	entries, all, err := r.next(ctx, l.rdb, *at, max(l.most-len(at.Best), l.most/2))
	if err != nil {
		return query.Page{}, err
	}
	first := top{order: l.query.Compare, most: l.query.Limit}
	for chunk := range slices.Chunk(slices.Concat(at.Best, idsOf(entries)), readBatch) {
		selected, err := l.read(ctx, chunk, l.fields)
		if err != nil {
			return query.Page{}, err
		}
		if at.After != nil {
			after := at.After.conversation()
			selected = slices.DeleteFunc(selected, func(c conversation.Conversation) bool { return l.query.Compare(c, after) <= 0 })
		}
		at.Other = first.add(selected) || at.Other
	}
	first.cut()
	if !all {
		last := entries[len(entries)-1]
		at.Start, at.ID, at.Best = last.start, last.id, first.from(0)
		return query.Page{More: true}, nil
	}
	found := query.Page{More: at.Other}
	found.Conversations, err = l.fill(ctx, nil, first.from(0))
	slices.SortFunc(found.Conversations, l.query.Compare)
	if n := len(found.Conversations); n > 0 {
		at.After = l.boundaryOf(found.Conversations[n-1])
	}
	*at = position{After: at.After}
	return found, err
}

func idsOf(entries []entry) []string {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.id
	}
	return ids
}
