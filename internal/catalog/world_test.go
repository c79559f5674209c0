package catalog_test

import (
	"context"
	"testing"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

const account = "acme"

// newCatalog returns a catalog on a Redis of its own.
func newCatalog(t testing.TB) (*catalog.Catalog, *store.Store) {
	t.Helper()
	s := store.New(redistest.New(t), store.Options{Shards: 1})
	return catalog.New(s), s
}

// create saves an item.
func create[T catalog.Item[T]](t *testing.T, s *catalog.Collection[T], item T) T {
	t.Helper()
	item, err := s.Create(t.Context(), account, item)
	if err != nil {
		t.Fatal(err)
	}
	return item
}

// unavailableStore is a store that is not there.
type unavailableStore struct{ catalog.Store }

func (unavailableStore) Items(context.Context, string, catalog.Kind) ([]catalog.Record, error) {
	return nil, jobs.ErrUnavailable
}

func (unavailableStore) ItemsByID(context.Context, string, catalog.Kind, []string) ([]catalog.Record, error) {
	return nil, jobs.ErrUnavailable
}

func (unavailableStore) ItemsVersion(context.Context, string, catalog.Kind) (string, error) {
	return "", jobs.ErrUnavailable
}

func (unavailableStore) LockItems(context.Context, string, catalog.Kind, string) error {
	return jobs.ErrUnavailable
}

// concurrentStore is a store in which somebody else changes an item as soon as it
// was looked at.
type concurrentStore struct{ *store.Store }

func (s concurrentStore) ItemsByID(ctx context.Context, account string, kind catalog.Kind, ids []string) ([]catalog.Record, error) {
	found, err := s.Store.ItemsByID(ctx, account, kind, ids)
	for _, r := range found {
		r.Version = 0
		if _, err := s.ReplaceItem(ctx, account, kind, r, catalog.Limits{Bytes: 1 << 20}); err != nil {
			return nil, err
		}
	}
	return found, err
}
