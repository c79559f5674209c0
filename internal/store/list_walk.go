package store

import (
	"context"
	"math"
	"slices"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
)

// seekFrom is the offset from which on it is cheaper to seek than to read the
// ids of what is passed over.
const seekFrom = 1000

// A walk goes along a stretch until a page is full. When it needs more of the
// index, it reads it from the beginning again, twice as far. A conversation
// whose start time has moved to where the walk has been already is found so.
type walk struct {
	*listing
	part   stretch
	sure   bool            // whether all that is in the stretch is selected
	offset int             // in the stretch
	known  map[string]bool // whether those that were looked at are selected
}

// walk returns the page of a query that is sorted by start time.
func (l *listing) walk(ctx context.Context, st stretch, countable bool) ([]conversation.Conversation, error) {
	w := walk{listing: l, part: st, sure: countable && st.without == nil, offset: l.query.Offset, known: map[string]bool{}}
	if countable && w.offset >= seekFrom {
		var err error
		if w.part, w.offset, err = st.seek(ctx, l.rdb, w.offset); err != nil {
			return nil, err
		}
	}
	// Shards share conversations out evenly, but for what chance does.
	share := float64(min(w.offset, l.most)+l.query.Limit) / float64(len(st.keys))
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

// page returns what of the page is among the first ids of the stretch.
func (w *walk) page(ctx context.Context, ids []string) ([]conversation.Conversation, error) {
	var page []conversation.Conversation
	skip := w.offset
	for chunk := range slices.Chunk(ids, batch) {
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

// learn looks at those of the conversations that are not known yet.
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
