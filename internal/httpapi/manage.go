package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/catalog"
)

// A shelf serves the items of one kind, which callers write as B.
type shelf[T catalog.Item[T], B itemBody[T]] struct {
	items     *catalog.Collection[T]
	one, many string // in addresses and answers
	view      func(T) any

	by string         // the parameter that selects items of the list
	of func(T) string // what it is compared with
}

// An itemBody is an item as a caller writes it.
type itemBody[T any] interface {
	// item returns the item, or what is wrong with a field. What the rules of
	// package catalog say of it is not checked yet.
	item() (item T, field string, err error)
	id() string // empty if the caller did not say
}

// create serves POST /v1/manage/trackers, where an array creates several.
func (s shelf[T, B]) create(ctx context.Context, x *exchange) (any, error) {
	posted, err := decode[severalOrOne[B]](x.body, json.RejectUnknownMembers(true))
	if err != nil {
		return nil, err
	}
	items := make([]T, len(posted.list))
	for i, b := range posted.list {
		item, field, err := b.item()
		if err != nil && posted.several {
			field = fmt.Sprintf("[%d].%s", i, field)
		}
		if err != nil {
			return nil, invalid(field, err)
		}
		items[i] = item
	}
	switch {
	case len(items) == 0:
		return nil, errNoBodyItems
	case posted.several:
		return s.answers(s.items.CreateAll(ctx, x.account.ID, items))
	default:
		return s.answer(s.items.Create(ctx, x.account.ID, items[0]))
	}
}

var errNoBodyItems = refuse(http.StatusBadRequest, "The body %s.", errNoItems)

// list serves GET /v1/manage/trackers.
func (s shelf[T, B]) list(ctx context.Context, x *exchange) (any, error) {
	query, err := queryOf(x.r.URL)
	if err != nil {
		return nil, err
	}
	wanted, err := param(query, s.by)
	if err != nil {
		return nil, err
	}
	all, err := s.items.All(ctx, x.account.ID)
	if wanted = strings.TrimSpace(wanted); wanted == "" || err != nil {
		return s.answers(all, err)
	}
	var selected []T
	for _, item := range all {
		if s.of(item) == wanted {
			selected = append(selected, item)
		}
	}
	return s.answers(selected, nil)
}

// get serves GET /v1/manage/trackers/{id}.
func (s shelf[T, B]) get(ctx context.Context, x *exchange) (any, error) {
	return s.answer(s.items.Get(ctx, x.account.ID, x.r.PathValue("id")))
}

// replace serves PUT /v1/manage/trackers/{id}.
func (s shelf[T, B]) replace(ctx context.Context, x *exchange) (any, error) {
	b, err := decode[B](x.body, json.RejectUnknownMembers(true))
	if err != nil {
		return nil, err
	}
	id := x.r.PathValue("id")
	if given := (*b).id(); given != "" && given != id {
		return nil, invalid("id", badValue("must be the id in the path"))
	}
	item, field, err := (*b).item()
	if err != nil {
		return nil, invalid(field, err)
	}
	return s.answer(s.items.Replace(ctx, x.account.ID, id, item))
}

// patch serves PATCH /v1/manage/trackers/{id}.
func (s shelf[T, B]) patch(ctx context.Context, x *exchange) (any, error) {
	b, err := decode[oneOrMore[opBody]](x.body, json.RejectUnknownMembers(true))
	if err != nil {
		return nil, err
	}
	if len(b.list) == 0 {
		return nil, errNoBodyItems
	}
	ops := make([]catalog.Op, len(b.list))
	for i, op := range b.list {
		ops[i] = catalog.Op{Op: op.Op, Path: op.Path}
		if op.Value != nil {
			ops[i].Values = op.Value.list
		}
	}
	return s.answer(s.items.Patch(ctx, x.account.ID, x.r.PathValue("id"), ops))
}

// delete serves DELETE /v1/manage/trackers/{id}.
func (s shelf[T, B]) delete(ctx context.Context, x *exchange) (any, error) {
	id := x.r.PathValue("id")
	if err := s.items.Delete(ctx, x.account.ID, id); err != nil {
		return nil, err
	}
	return struct {
		ID      string `json:"id"`
		Type    string `json:"type"`
		Deleted bool   `json:"deleted"`
	}{id, s.one, true}, nil
}

func (s shelf[T, B]) answer(item T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return map[string]any{s.one: s.view(item)}, nil
}

func (s shelf[T, B]) answers(items []T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	views := make([]any, len(items))
	for i, item := range items {
		views[i] = s.view(item)
	}
	return map[string]any{s.many: views}, nil
}

// groupConversations serves GET /v1/groups/{id}/conversations.
func (a *API) groupConversations(ctx context.Context, x *exchange) (any, error) {
	g, err := a.deps.Catalog.Groups.Get(ctx, x.account.ID, x.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	criteria, err := g.Filter()
	if err != nil {
		return nil, err
	}
	return a.page(x, criteria)
}

// checkSaved checks that the account has saved the trackers that a submission
// names by id.
func (a *API) checkSaved(ctx context.Context, account string, trackers []analysis.Tracker) error {
	saved, err := a.deps.Catalog.Trackers.ByID(ctx, account, catalog.SavedIDs(trackers)...)
	if err != nil {
		return err
	}
	for i, t := range trackers {
		if _, ok := saved[t.ID]; t.ID != "" && !ok {
			return invalid(fmt.Sprintf("trackers[%d].id", i), badValue(fmt.Sprintf("must be the id of a saved tracker, but none has the id %q", t.ID)))
		}
	}
	return nil
}
