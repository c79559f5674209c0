package openapitest

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEveryResponseIsSeen checks that the tests of one package have to see each
// of the shared responses.
func TestEveryResponseIsSeen(t *testing.T) {
	t.Parallel()

	d, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Sorted(maps.Keys(d.at(place{d.doc, ""}, "components", "responses").node))
	all = slices.DeleteFunc(all, onlyOverNetwork)
	var seen []string
	for _, names := range responses() {
		seen = append(seen, names...)
	}
	slices.Sort(seen)
	if diff := cmp.Diff(all, seen); diff != "" {
		t.Errorf("(-described +seen)\n%s", diff)
	}
}
