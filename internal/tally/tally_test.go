package tally_test

import (
	"context"
	"testing"

	"github.com/turnwise/turnwise/internal/tally"
)

func TestCount(t *testing.T) {
	t.Parallel()
	outer, inner := 0, 0
	ctx := tally.With(t.Context(), func() { outer++ })
	tally.Add(ctx)
	below, cancel := context.WithCancel(ctx)
	defer cancel()
	tally.Add(below)
	tally.Add(tally.With(below, func() { inner++ })) // counts for the innermost alone
	tally.Add(t.Context())                           // for nobody
	if outer != 2 || inner != 1 {
		t.Errorf("counted %d and %d, want 2 and 1", outer, inner)
	}
}
