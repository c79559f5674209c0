package session_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
)

// TestAccount checks that --account reaches the API, for the operator, and that without
// it none is named.
func TestAccount(t *testing.T) {
	t.Parallel()

	var asked []string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.RequestURI())
		_, _ = w.Write([]byte(`{"jobs":[],"lanes":[]}`))
	}))
	t.Cleanup(api.Close)
	env := clitest.Environment{"TURNWISE_API": api.URL, "TURNWISE_TOKEN": "the-operator-has-this", "TURNWISE_DATA_DIR": t.TempDir()}
	for _, args := range [][]string{
		{"jobs", "list", "--account", "acme"}, {"jobs", "list"}, {"lanes", "retry", "7", "--account", "acme"},
	} {
		if got := clitest.Run(t, env, "", args...); got.Code != exit.OK {
			t.Errorf("enqueue %q = %+v", args, got)
		}
	}
	want := []string{"GET /v1/jobs?account=acme&limit=50", "GET /v1/jobs?limit=50", "POST /v1/lanes/7/retry?account=acme"}
	if !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
}
