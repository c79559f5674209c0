package store

import (
	"context"
	"math"
	"slices"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
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
	for n := int(share + 4*math.Sqrt(share) + 3); ; n *= 2 {
		n = min(n, l.most+1)
		ids, all, err := w.part.head(ctx, l.rdb, n)
		if err != nil {
			return nil, err
		}
		page, err := w.page(ctx, ids[:min(len(ids), l.most)])
		if err != nil || len(page) == l.query.Limit {
			return page, err
		}
		if len(ids) > l.most {
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

func (f *top) add(more []conversation.Conversation) {
	f.found = append(f.found, more...)
	if len(f.found) > 2*f.most {
		f.cut()
	}
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
