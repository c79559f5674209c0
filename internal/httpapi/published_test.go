package httpapi_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/httpapi/openapi"
)

// Everybody gets the description of the API, compressed or not, and is not sent
// it twice.
func TestDescriptionIsPublished(t *testing.T) {
	t.Parallel()

	api := httpapitest.NewBackend().API(httpapi.Options{})
	for _, f := range openapi.Files("1.2.3") {
		plain := httpapitest.Serve(api, httpapitest.Request("GET", f.Path, "", "Authorization", ""))
		httpapitest.WantStatus(t, plain, http.StatusOK)
		zipped := httpapitest.Serve(api, httpapitest.Request("GET", f.Path, "", "Authorization", "", "Accept-Encoding", "gzip"))
		httpapitest.WantStatus(t, zipped, http.StatusOK)
		if media := zipped.Header().Get("Content-Type"); media != f.MediaType || zipped.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: Content-Type %q, Content-Encoding %q", f.Path, media, zipped.Header().Get("Content-Encoding"))
		}
		r, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		expanded, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if string(expanded) != plain.Body.String() || len(expanded) == 0 {
			t.Errorf("%s: the two encodings are %d and %d bytes long, or differ", f.Path, len(expanded), plain.Body.Len())
		}
		for _, tag := range []string{plain.Header().Get("ETag"), zipped.Header().Get("ETag")} {
			again := httpapitest.Serve(api, httpapitest.Request("GET", f.Path, "", "If-None-Match", tag, "Accept-Encoding", "gzip"))
			if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
				t.Errorf("%s with the ETag %s: status %d and %d bytes", f.Path, tag, again.Code, again.Body.Len())
			}
		}
		if plain.Header().Get("ETag") == zipped.Header().Get("ETag") {
			t.Errorf("%s: both encodings have the ETag %s", f.Path, plain.Header().Get("ETag"))
		}
	}
}

// The page may load what stands beside it, and nothing from elsewhere.
func TestPageStaysAtHome(t *testing.T) {
	t.Parallel()

	api := httpapitest.NewBackend().API(httpapi.Options{})
	policy := httpapitest.Serve(api, httpapitest.Request("GET", "/docs", "")).Header().Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "http") || strings.Contains(policy, "*") {
		t.Errorf("the policy of the page is %q", policy)
	}
	got := httpapitest.Serve(api, httpapitest.Request("GET", "/docs/", ""))
	if got.Code != http.StatusPermanentRedirect || got.Header().Get("Location") != "../docs" {
		t.Errorf("/docs/ is answered with status %d, Location %q", got.Code, got.Header().Get("Location"))
	}
	httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("POST", "/docs", "")), http.StatusMethodNotAllowed)
}
