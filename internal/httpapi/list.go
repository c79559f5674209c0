package httpapi

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/conversation/query"
)

const (
	defaultPage   = 20
	maxPage       = 65536         // as documented
	maxSkip       = math.MaxInt32 // conversations that a page may come after
	defaultWindow = 7 * 24 * time.Hour
)

// conversations serves GET /v1/conversations.
func (a *API) conversations(_ context.Context, x *exchange) (any, error) {
	return a.page(x, nil)
}

// page answers a list of the account's conversations of which criteria hold,
// with the parameters and the form of GET /v1/conversations.
func (a *API) page(x *exchange, criteria query.Filter) (any, error) {
	q, err := listQuery(x.r.URL, criteria)
	if err != nil {
		return nil, err
	}
	found, err := a.deps.Conversations.List(x.lasting, x.account.ID, q)
	if err != nil {
		return nil, err
	}
	views := make([]conversationView, len(found.Conversations))
	for i, c := range found.Conversations {
		views[i] = viewOf(c)
	}
	return struct {
		Conversations []conversationView `json:"conversations"`
	}{views}, nil
}

// listQuery reads the parameters of a list. With neither a window nor a filter,
// the conversations of the last seven days are meant, as documented. A bare
// semicolon belongs to the filter, in which it means AND; elsewhere it is
// refused, because it once parted parameters.
func listQuery(u *url.URL, criteria query.Filter) (q query.Query, err error) {
	params, err := queryOf(&url.URL{RawQuery: strings.ReplaceAll(u.RawQuery, ";", "%3B")})
	if err != nil {
		return q, err
	}
	if q.Limit, err = intParam(params, "limit", defaultPage, maxPage); err != nil {
		return q, err
	}
	if q.Offset, err = intParam(params, "offset", 0, maxSkip); err != nil {
		return q, err
	}
	if q.Sort, err = sortParams(params); err != nil {
		return q, err
	}
	if q.From, q.To, err = windowParams(params); err != nil {
		return q, err
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
	sort, err := param(params, "sort")
	if err != nil {
		return nil, err
	}
	order, err := param(params, "order")
	if err != nil {
		return nil, err
	}
	keys, err := query.ParseSort(sort, order)
	switch {
	case errors.Is(err, query.ErrOrder):
		return nil, invalid("order", err)
	case err != nil:
		return nil, invalid("sort", err)
	}
	return keys, nil
}

func filterParam(params url.Values) (query.Filter, error) {
	written, err := param(params, "filter")
	if err != nil || strings.TrimSpace(written) == "" {
		return nil, err
	}
	filter, err := query.Parse(written)
	if err != nil {
		return nil, invalid("filter", err)
	}
	return filter, nil
}

// windowParams returns the bounds of the window, zero where none is given. An
// end in the future is fine, since no two clocks agree.
func windowParams(params url.Values) (from, to time.Time, err error) {
	if from, err = timeParam(params, "startTime"); err != nil {
		return from, to, err
	}
	if to, err = timeParam(params, "endTime"); err != nil {
		return from, to, err
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		err = invalid("startTime", badValue("must be earlier than endTime"))
	}
	return from, to, err
}

// timeParam returns the value of a time parameter, zero if it is not given or
// empty. A blank in it can only be the + of an offset that was not encoded.
func timeParam(params url.Values, name string) (time.Time, error) {
	s, err := param(params, name)
	if err != nil || s == "" {
		return time.Time{}, err
	}
	t, err := parseMoment(strings.ReplaceAll(s, " ", "+"))
	if err != nil {
		return t, invalid(name, err)
	}
	return t, nil
}

// intParam returns the value of a parameter that is a number from 0 to most, or
// otherwise if it is not given or empty.
func intParam(params url.Values, name string, otherwise, most int) (int, error) {
	s, err := param(params, name)
	if err != nil || s == "" {
		return otherwise, err
	}
	n, err := strconv.Atoi(s)
	large := errors.Is(err, strconv.ErrRange)
	switch {
	case err != nil && !large:
		return 0, invalid(name, badValue("must be an integer"))
	case n < 0:
		return 0, invalid(name, badValue("must be greater than or equal to 0"))
	case large || n > most:
		return 0, invalid(name, badValue(fmt.Sprintf("must be less than or equal to %d", most)))
	}
	return n, nil
}
