package httpapi_test

import (
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
