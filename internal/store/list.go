package store

import (
	"context"

	"github.com/turnwise/turnwise/internal/query"
)

// List returns the conversations of an account that q selects, in its order,
// or [query.ErrTooBroad].
func (s *Store) List(ctx context.Context, account string, q query.Query) (query.Page, error) {
	return query.Page{}, query.ErrTooBroad
}
