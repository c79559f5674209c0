package management

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// A collection serves the items of one kind, which callers write as B.
type collection[T catalog.Item[T], B itemBody[T]] struct {
	items     *catalog.Collection[T]
	one, many string // in addresses and answers
	view      func(T) any
	idOf      func(T) string // of those that are deleted by the selector
	flat      func(T) any    // the answer about one; nil for {"one":view}

	selector string         // the parameter that selects items of the list
	value    func(T) string // what it is compared with
}

// An itemBody is an item as a caller writes it.
type itemBody[T any] interface {
	// item returns the item, or what is wrong with a field. It does not check
	// the rules of package catalog.
	item() (item T, field string, err error)
	id() string // empty if the caller did not say
}

// create serves POST /v1/manage/trackers, where an array creates several.
func (s collection[T, B]) create(ctx context.Context, x *edge.Exchange) (any, error) {
	posted, err := input.Decode[severalOrOne[B]](x.Body, json.RejectUnknownMembers(true))
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
			return nil, input.Invalid(field, err)
		}
		items[i] = item
	}
	switch {
	case len(items) == 0:
		return nil, errNoBodyItems
	case posted.several:
		return s.answers(s.items.CreateAll(ctx, x.Account.ID, items))
	default:
		return s.answer(s.items.Create(ctx, x.Account.ID, items[0]))
	}
}

var errNoBodyItems = edge.Refuse(http.StatusBadRequest, "The body %s.", input.ErrNoItems)

// list serves GET /v1/manage/trackers.
func (s collection[T, B]) list(ctx context.Context, x *edge.Exchange) (any, error) {
	wanted, err := s.wanted(x)
	if err != nil {
		return nil, err
	}
	return s.answers(s.selected(ctx, x.Account.ID, wanted))
}

// wanted returns what the parameter that selects items says.
func (s collection[T, B]) wanted(x *edge.Exchange) (string, error) {
	query, err := input.Query(x.Request.URL)
	if err != nil {
		return "", err
	}
	wanted, err := input.Param(query, s.selector)
	return strings.TrimSpace(wanted), err
}

// selected returns the items of which the value is the wanted one, or all if nothing
// is wanted.
func (s collection[T, B]) selected(ctx context.Context, account, wanted string) ([]T, error) {
	all, err := s.items.All(ctx, account)
	if wanted == "" || err != nil {
		return all, err
	}
	return slices.DeleteFunc(all, func(item T) bool { return s.value(item) != wanted }), nil
}

// get serves GET /v1/manage/trackers/{id}.
func (s collection[T, B]) get(ctx context.Context, x *edge.Exchange) (any, error) {
	return s.answer(s.items.Get(ctx, x.Account.ID, x.Request.PathValue("id")))
}

// replace serves PUT /v1/manage/trackers/{id}.
func (s collection[T, B]) replace(ctx context.Context, x *edge.Exchange) (any, error) {
	b, err := input.Decode[B](x.Body, json.RejectUnknownMembers(true))
	if err != nil {
		return nil, err
	}
	id := x.Request.PathValue("id")
	if given := (*b).id(); given != "" && given != id {
		return nil, input.Invalid("id", input.BadValue("must be the id in the path"))
	}
	item, field, err := (*b).item()
	if err != nil {
		return nil, input.Invalid(field, err)
	}
	return s.answer(s.items.Replace(ctx, x.Account.ID, id, item))
}

// patch serves PATCH /v1/manage/trackers/{id}.
func (s collection[T, B]) patch(ctx context.Context, x *edge.Exchange) (any, error) {
	b, err := input.Decode[input.OneOrMore[opBody]](x.Body, json.RejectUnknownMembers(true))
	if err != nil {
		return nil, err
	}
	if len(b.List) == 0 {
		return nil, errNoBodyItems
	}
	ops := make([]catalog.Op, len(b.List))
	for i, op := range b.List {
		ops[i] = catalog.Op{Op: op.Op, Path: op.Path}
		if op.Value != nil {
			ops[i].Values = op.Value.List
		}
	}
	return s.answer(s.items.Patch(ctx, x.Account.ID, x.Request.PathValue("id"), ops))
}

// delete serves DELETE /v1/manage/trackers/{id}.
func (s collection[T, B]) delete(ctx context.Context, x *edge.Exchange) (any, error) {
	id := x.Request.PathValue("id")
	if err := s.items.Delete(ctx, x.Account.ID, id); err != nil {
		return nil, refusalOf(err)
	}
	return struct {
		ID      string `json:"id"`
		Type    string `json:"type"`
		Deleted bool   `json:"deleted"`
	}{id, s.one, true}, nil
}

// deleteSelected serves DELETE /v1/manage/entities?subType=…, which deletes all that
// the list with this parameter shows.
func (s collection[T, B]) deleteSelected(ctx context.Context, x *edge.Exchange) (any, error) {
	wanted, err := s.wanted(x)
	if err != nil {
		return nil, err
	}
	if wanted == "" {
		return nil, input.Invalid(s.selector, input.ErrRequired)
	}
	all, err := s.selected(ctx, x.Account.ID, wanted)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, edge.Refuse(http.StatusNotFound, "There is no %s with this %s.", s.one, s.selector)
	}
	ids := make([]string, len(all))
	for i, item := range all {
		ids[i] = s.idOf(item)
		err := s.items.Delete(ctx, x.Account.ID, ids[i])
		if _, gone := errors.AsType[*catalog.NotFoundError](err); err != nil && !gone {
			return nil, refusalOf(err)
		}
	}
	return struct {
		IDs     []string `json:"ids"`
		Type    string   `json:"type"`
		Deleted bool     `json:"deleted"`
	}{ids, s.one, true}, nil
}

func (s collection[T, B]) answer(item T, err error) (any, error) {
	if err != nil {
		return nil, refusalOf(err)
	}
	if s.flat != nil {
		return s.flat(item), nil
	}
	return map[string]any{s.one: s.view(item)}, nil
}

func (s collection[T, B]) answers(items []T, err error) (any, error) {
	if err != nil {
		return nil, refusalOf(err)
	}
	views := make([]any, len(items))
	for i, item := range items {
		views[i] = s.view(item)
	}
	return map[string]any{s.many: views}, nil
}

// groupConversations serves GET /v1/groups/{id}/conversations.
func (h *handlers) groupConversations(ctx context.Context, x *edge.Exchange) (any, error) {
	g, err := h.groups.Get(ctx, x.Account.ID, x.Request.PathValue("id"))
	if err != nil {
		return nil, refusalOf(err)
	}
	criteria, err := g.Filter()
	if err != nil {
		return nil, refusalOf(err)
	}
	return h.conversations.List(x, criteria)
}
