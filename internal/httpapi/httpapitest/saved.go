package httpapitest

import (
	"context"

	"github.com/turnwise/turnwise/internal/catalog"
)

// savedItems stands in for what accounts have saved: a tracker under every id that
// is asked for. All else is tested on a real store.
type savedItems struct {
	catalog.Store

	backend *Backend
}

// ItemsByID returns a tracker under every id.
func (s savedItems) ItemsByID(_ context.Context, _ string, _ catalog.Kind, ids []string) ([]catalog.Record, error) {
	var found []catalog.Record
	for _, id := range ids {
		found = append(found, catalog.Record{ItemMeta: catalog.ItemMeta{ID: id}, Body: []byte(`{}`)})
	}
	return found, s.backend.Err
}
