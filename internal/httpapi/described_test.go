package httpapi_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/httpapi/openapi/openapitest"
)

// What is served is described, and what is described is served.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()

	described, err := openapitest.Operations()
	if err != nil {
		t.Fatal(err)
	}
	served := httpapitest.NewBackend().API(httpapi.Options{}).Patterns()
	slices.Sort(served)
	if diff := cmp.Diff(served, described); diff != "" {
		t.Errorf("(-served +described)\n%s", diff)
	}
}

// A parameter that is read is described, and one that is described is read, or at
// least known: what is not known is warned of. Filters that are refused are known, and
// not described.
func TestEveryParameterIsDescribed(t *testing.T) {
	t.Parallel()

	described, err := openapitest.Parameters()
	if err != nil {
		t.Fatal(err)
	}
	read := httpapitest.NewBackend().API(httpapi.Options{}).Params()
	refused := regexp.MustCompile(`^filter\[(owner|team|external_opportunity|crm_field)\.`)
	for _, pattern := range slices.Sorted(maps.Keys(read)) {
		known := slices.DeleteFunc(slices.Sorted(slices.Values(read[pattern])), refused.MatchString)
		if diff := cmp.Diff(known, slices.Sorted(slices.Values(described[pattern]))); diff != "" {
			t.Errorf("%s: (-read +described)\n%s", pattern, diff)
		}
		delete(described, pattern)
	}
	for pattern, names := range described {
		t.Errorf("%s reads none of %v, which are described", pattern, names)
	}
}
