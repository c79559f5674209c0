package store

import (
	"context"
	"slices"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
)

// spare is how many conversations behind the page are kept, to take the place
// of what is deleted before the page is read.
const spare = 100

// scan looks at all conversations of the stretch and returns the page and how
// many are selected. Of most conversations it reads what the query compares
// only, and it keeps no more of them than the end of the page needs.
func (l *listing) scan(ctx context.Context, st stretch) (query.Page, error) {
	st.without = nil // these have to be looked at too
	size, err := st.size(ctx, l.rdb)
	if err != nil {
		return query.Page{}, err
	}
	if size > l.most {
		return query.Page{}, query.ErrTooBroad
	}
	ids, all, err := st.head(ctx, l.rdb, l.most+1)
	if err != nil {
		return query.Page{}, err
	}
	if !all || len(ids) > l.most { // they have become more
		return query.Page{}, query.ErrTooBroad
	}
	first := leading{order: l.query.Compare, most: min(l.query.Offset, l.most) + l.query.Limit + spare}
	var found query.Page
	for chunk := range slices.Chunk(ids, batch) {
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

// leading keeps those conversations of many that come first.
type leading struct {
	order func(a, b conversation.Conversation) int
	most  int
	kept  []conversation.Conversation // up to twice as many, for sorting now and then is cheaper
}

func (f *leading) add(more []conversation.Conversation) {
	f.kept = append(f.kept, more...)
	if len(f.kept) > 2*f.most {
		f.cut()
	}
}

func (f *leading) cut() {
	slices.SortFunc(f.kept, f.order)
	if len(f.kept) > f.most {
		clear(f.kept[f.most:])
		f.kept = f.kept[:f.most]
	}
}

// from returns the ids of those that are kept, but for the first offset.
func (f *leading) from(offset int) []string {
	f.cut()
	var ids []string
	for _, c := range f.kept[min(offset, len(f.kept)):] {
		ids = append(ids, c.ID)
	}
	return ids
}
