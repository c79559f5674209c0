package httpapi_test

import (
	"context"

	"github.com/turnwise/turnwise/internal/catalog"
)

// shelves stand in for what accounts have saved: a tracker under every id that
// is asked for. All else is tested on the real thing.
type shelves struct {
	catalog.Store

	world *world
}

func (s shelves) ItemsByID(_ context.Context, _ string, _ catalog.Kind, ids []string) ([]catalog.Record, error) {
	var found []catalog.Record
	for _, id := range ids {
		found = append(found, catalog.Record{ItemMeta: catalog.ItemMeta{ID: id}, Body: []byte(`{}`)})
	}
	return found, s.world.err
}
