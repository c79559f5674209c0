package httpapi

import (
	"context"

	"github.com/turnwise/turnwise/internal/query"
)

// page answers a list of the account's conversations of which criteria hold,
// with the parameters and the form of GET /v1/conversations.
func (a *API) page(ctx context.Context, x *exchange, criteria query.Filter) (any, error) {
	q := query.Query{Filter: criteria, Limit: 20}
	found, err := a.deps.Conversations.List(ctx, x.account.ID, q)
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
