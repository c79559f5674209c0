package httpapi_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/httpapi/openapi/openapitest"
)

// TestMain has the tests see every operation succeed, but for those of tokens,
// which need tokens of their own.
func TestMain(m *testing.M) {
	all := httpapitest.NewBackend().API(httpapi.Options{}).Patterns()
	openapitest.Main(m, "httpapi", slices.DeleteFunc(all, func(p string) bool { return strings.Contains(p, "/oauth2/") })...)
}
