package main

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/redis/embedded"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// Who starts a new version on the data of an earlier try-out reads which directory to
// move away; who brings a Redis does not.
func TestOtherLayoutSaysWhereItLies(t *testing.T) {
	t.Parallel()

	rdb := redistest.New(t)
	if err := rdb.Set(t.Context(), "tw:shards", "16 X 0 1", 0).Err(); err != nil {
		t.Fatal(err)
	}
	for own, told := range map[*embedded.Server]bool{{}: true, nil: false} {
		err := openStore(t.Context(), store.New(rdb, store.Options{}), &backend{own: own}, "/somewhere")
		if err == nil || strings.Contains(err.Error(), "/somewhere/redis: move that directory away") != told {
			t.Errorf("openStore = %v; the directory told: want %v", err, told)
		}
	}
}
