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

// KnownItems knows a tracker under every id.
func (s savedItems) KnownItems(_ context.Context, _ string, _ catalog.Kind, ids []string) ([]string, error) {
	return ids, s.backend.Err
}
