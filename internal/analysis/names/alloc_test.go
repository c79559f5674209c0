//go:build !race

package names_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/names"
)

// TestFindAllocates is not for the race detector, under which pools forget at
// random.
func TestFindAllocates(t *testing.T) {
	tagger := newTagger(t)
	var found []names.Name
	if got := testing.AllocsPerRun(100, func() { found = tagger.Find(found[:0], message) }); got > 3 {
		t.Errorf("Find allocates %v times, want 3 at most", got)
	}
	if len(found) < 3 {
		t.Errorf("Find found %d names, want 3 or more", len(found))
	}
}
