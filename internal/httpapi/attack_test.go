package httpapi_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// hostileValues are values that no parameter of a query expects.
func hostileValues() []string {
	return []string{
		`"><script>alert(1)</script>`,
		strings.Repeat("x", 10_000),
		strings.Repeat("9", 10_000),
		strings.Repeat("a==b;", 2000),
		strings.Repeat("(", 10_000),
		strings.Repeat("-conversation.name,", 500),
		"\xff\xfe\x00",
		"x\r\nSet-Cookie: a=b",
		"-9223372036854775809",
		"NaN",
		base64.RawURLEncoding.EncodeToString([]byte("ann ")),
		base64.RawURLEncoding.EncodeToString([]byte("ann " + strings.Repeat("9", 7000))),
		base64.RawURLEncoding.EncodeToString([]byte(`{"t":-1,"i":"\u0000"}`)),
	}
}

// No parameter of a route makes it fail, answer with a page or set a header, whatever it
// is, and the answer is longer by no more than some repetitions of it, as in links.
func TestHostileQueries(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	objects := createObjects(service)
	tried := 0
	for pattern, params := range service.Params() {
		method, _, _ := strings.Cut(pattern, " ")
		if method != http.MethodGet {
			continue
		}
		target, body, _ := fill(t, pattern, objects.anns)
		usual := service.Do(method, target, body).Body.Len()
		for _, param := range params {
			for _, value := range hostileValues() {
				tried++
				query := url.Values{param: {value}}.Encode()
				got := service.Do(method, target+"?"+query, body)
				if got.Code >= http.StatusInternalServerError {
					t.Errorf("%s?%s=%.40q is answered %d, %s", pattern, param, value, got.Code, got.Body)
				}
				if kind := got.Header().Get("Content-Type"); strings.Contains(kind, "html") || got.Header().Get("Set-Cookie") != "" {
					t.Errorf("%s?%s=%.40q is answered as %s with %v", pattern, param, value, kind, got.Header())
				}
				if got.Body.Len() > usual+4*len(query)+500 {
					t.Errorf("%s?%s=%.40q is answered with %d bytes, and usually with %d", pattern, param, value, got.Body.Len(), usual)
				}
			}
		}
	}
	if tried < 500 {
		t.Errorf("%d queries were tried", tried)
	}
}

// A query that names what is ann's, or a cursor of hers, gets bob nothing of it.
func TestQueriesAboutOthers(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	objects := createObjects(service)
	mustDo(service, http.MethodPost, "/v1/process/text", httpapitest.Hello, &struct{}{}) // so that there is a second page
	values := map[string]bool{}
	for _, id := range objects.anns {
		values[id] = true
	}
	for _, list := range []string{"/v1/jobs?limit=1", "/v1/lanes?state=waiting&limit=1", "/v1/webhooks/deliveries?limit=1", "/v1/conversations?cursor=&limit=1"} {
		var page struct{ NextCursor, Cursor string }
		mustDo(service, http.MethodGet, list, "", &page)
		values[page.NextCursor], values[page.Cursor] = true, true
	}
	delete(values, "")
	for pattern, params := range service.Params() {
		method, target, _ := strings.Cut(pattern, " ")
		if method != http.MethodGet || strings.Contains(target, "{") {
			continue // TestWhatIsAnothersDoesNotExist has paths
		}
		for _, param := range params {
			for value := range values {
				got := service.Do(method, target+"?"+url.Values{param: {value}}.Encode(), "", "Authorization", "bob")
				if got.Code >= http.StatusInternalServerError {
					t.Errorf("%s?%s=%s is answered %d, %s", pattern, param, value, got.Code, got.Body)
				}
				for _, id := range objects.anns {
					if id != value && strings.Contains(got.Body.String(), `"`+id+`"`) {
						t.Errorf("%s?%s=%s tells bob of %s: %s", pattern, param, value, id, got.Body)
					}
				}
			}
		}
	}
}
