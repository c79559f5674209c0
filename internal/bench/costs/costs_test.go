package costs

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/httpapi/openapi"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// Every address is called, and none of them is refused.
func TestRun(t *testing.T) {
	redistest.Binary(t)
	worker := filepath.Join(t.TempDir(), "worker")
	if out, err := exec.Command("go", "build", "-o", worker, "../../../cmd/worker").CombinedOutput(); err != nil {
		t.Fatalf("build the worker: %v\n%s", err, out)
	}
	sizes := []int{3, 6}
	report, err := Run(t.Context(), Options{Worker: []string{worker}, Sizes: sizes, Each: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Rows {
		if len(r.Costs) != len(sizes) {
			t.Fatalf("%s has figures of %d sizes, want %d", r.Name, len(r.Costs), len(sizes))
		}
		for _, c := range r.Costs {
			if c.Calls < 1 || c.RedisMicros <= 0 || c.Commands <= 0 || c.WholeMillis <= 0 || c.Status/100 > 3 {
				t.Errorf("%s cost %+v, want figures of calls that succeeded", r.Name, c)
			}
		}
	}
	var text strings.Builder
	report.Rows[0].Costs[1].Refused = 2
	refused := "With 6 of each, " + report.Rows[0].Name + " was answered 503 2 times"
	if err := report.Print(&text); err != nil || !strings.Contains(text.String(), "GET /v1/job/{job}") || strings.Count(text.String(), refused) != 1 {
		t.Errorf("Print: %v\n%s", err, text.String())
	}
	if _, err := Run(t.Context(), Options{Only: "no such address"}); err == nil || !strings.Contains(err.Error(), "no such address") {
		t.Errorf("Run of an unknown address = %v, want it named", err)
	}
}

// Every call that the document describes has a row, but for those that are named here.
func TestRowsAreComplete(t *testing.T) {
	t.Parallel()

	without := []*regexp.Regexp{
		regexp.MustCompile(`/v1/manage/(tracker|group|entity)(/|$)`),  // another name
		regexp.MustCompile(`/v1/manage/(groups|entities)/`),           // as trackers
		regexp.MustCompile(`(POST|DELETE) /v1/manage/(groups|entit)`), // likewise
		regexp.MustCompile(`/bulk$|^PATCH `),                          // as the single one, and PUT
		regexp.MustCompile(`^(POST|DELETE) /v1/webhooks/secrets`),     // makes secrets
		regexp.MustCompile(`^POST /v1/(jobs|lanes)/`),                 // of what is in trouble
		regexp.MustCompile(`linked-crm-records$`),                     // always refused
		regexp.MustCompile(`^GET /v1/webhooks/resends/`),              // as the list
	}
	parameter := regexp.MustCompile(`\{\w+\}`)
	var have []string
	for _, r := range rows() {
		path, _, _ := strings.Cut(r.path, "?")
		have = append(have, r.method+" "+parameter.ReplaceAllString(path, "{}"))
	}
	for _, call := range described(t) {
		skipped := slices.ContainsFunc(without, func(r *regexp.Regexp) bool { return r.MatchString(call) })
		if has := slices.Contains(have, parameter.ReplaceAllString(call, "{}")); has == skipped {
			t.Errorf("%s: it has a row: %t, it is named as one without: %t", call, has, skipped)
		}
	}
}

// described returns the calls of the OpenAPI document that need a token.
func described(t *testing.T) (calls []string) {
	t.Helper()
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	for _, f := range openapi.Files("1.2.3") {
		if !strings.HasSuffix(f.Path, ".json") {
			continue
		}
		content, err := f.Content()
		if err != nil {
			t.Fatal(err)
		}
		text, err := content.Plain()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &document); err != nil {
			t.Fatal(err)
		}
	}
	for path, methods := range document.Paths {
		for method := range methods {
			if (strings.HasPrefix(path, "/v1/") || strings.HasPrefix(path, "/v2/")) && slices.Contains([]string{"get", "put", "post", "patch", "delete"}, method) {
				calls = append(calls, strings.ToUpper(method)+" "+path)
			}
		}
	}
	if len(calls) < 50 {
		t.Fatalf("the document describes %d calls, want all", len(calls))
	}
	return calls
}
