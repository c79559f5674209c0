package conversations

import (
	"errors"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

const (
	defaultPage   = 20
	maxPage       = 65536         // as documented
	maxOffset     = math.MaxInt32 // conversations that a page may come after
	defaultWindow = 7 * 24 * time.Hour
)

// ListParams returns the names of the parameters of a list of conversations.
func ListParams() []string {
	return []string{"limit", "cursor", "offset", "order", "sort", "startTime", "endTime", "filter"}
}

// List answers a list of the account's conversations that fit the criteria,
// with the parameters and the form of GET /v1/conversations.
func (r Reader) List(x *edge.Exchange, criteria query.Filter) (any, error) {
	q, err := listQuery(x.Request.URL, criteria)
	if err != nil {
		return nil, err
	}
	if err := x.Admit(edge.Reading + q.Limit*perConversation); err != nil {
		return nil, err
	}
	found, err := r.Store.List(x.Long(), x.Account.ID, q)
	if errors.Is(err, query.ErrCursor) {
		return nil, input.Invalid("cursor", errCursor)
	}
	if err != nil {
		return nil, err
	}
	views := Items(edge.InTurns(x, r.Store.WithMembers(x.Reading(), x.Account.ID, found.Conversations)), ViewOf)
	if !q.Parts {
		return struct {
			Conversations ItemList[View] `json:"conversations"`
		}{views}, nil
	}
	return struct {
		Conversations ItemList[View] `json:"conversations"`
		Cursor        string         `json:"cursor"`
		More          bool           `json:"more"`
	}{views, found.Cursor, found.More}, nil
}

// perConversation is the memory, in bytes, that a conversation takes with its part of
// an answer, without its members.
const perConversation = 1 << 10

// listQuery reads the parameters of a list. With neither a window nor a filter,
// the list is of the last seven days, as documented. A semicolon belongs to the
// filter, where it means AND. Elsewhere it is refused, because it used to separate
// parameters.
func listQuery(u *url.URL, criteria query.Filter) (q query.Query, err error) {
	params, err := input.Query(&url.URL{RawQuery: strings.ReplaceAll(u.RawQuery, ";", "%3B")})
	if err != nil {
		return q, err
	}
	if q.Limit, err = input.IntParam(params, "limit", defaultPage, maxPage); err != nil {
		return q, err
	}
	if q.Offset, err = input.IntParam(params, "offset", 0, maxOffset); err != nil {
		return q, err
	}
	if q.Sort, err = sortParams(params); err != nil {
		return q, err
	}
	if q.From, q.To, err = windowParams(params); err != nil {
		return q, err
	}
	if q.Cursor, err = input.Param(params, "cursor"); err != nil {
		return q, err
	}
	if q.Parts = params.Has("cursor"); q.Parts && q.Offset > 0 {
		return q, input.Invalid("offset", input.BadValue("must be left out beside a cursor"))
	}
	filter, err := filterParam(params)
	if err != nil {
		return q, err
	}
	q.Filter = slices.Concat(criteria, filter)
	if q.From.IsZero() && q.To.IsZero() && len(q.Filter) == 0 {
		q.From = time.Now().Add(-defaultWindow)
	}
	return q, nil
}

func sortParams(params url.Values) ([]query.Key, error) {
	sort, err := input.Param(params, "sort")
	if err != nil {
		return nil, err
	}
	order, err := input.Param(params, "order")
	if err != nil {
		return nil, err
	}
	keys, err := query.ParseSort(sort, order)
	switch {
	case errors.Is(err, query.ErrOrder):
		return nil, input.Invalid("order", err)
	case err != nil:
		return nil, input.Invalid("sort", err)
	}
	return keys, nil
}

func filterParam(params url.Values) (query.Filter, error) {
	written, err := input.Param(params, "filter")
	if err != nil || strings.TrimSpace(written) == "" {
		return nil, err
	}
	filter, err := query.Parse(written)
	if err != nil {
		return nil, input.Invalid("filter", err)
	}
	return filter, nil
}

// windowParams returns the bounds of the window, zero if they are not given. An
// end in the future is allowed, since clocks differ.
func windowParams(params url.Values) (from, to time.Time, err error) {
	if from, err = input.TimeParam(params, "startTime"); err != nil {
		return from, to, err
	}
	if to, err = input.TimeParam(params, "endTime"); err != nil {
		return from, to, err
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		err = input.Invalid("startTime", input.BadValue("must be earlier than endTime"))
	}
	return from, to, err
}
