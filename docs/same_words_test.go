package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/jobs"
)

// Each status of a job is an event. These are the places that list them, with
// the part of the text that does.
func TestStatusesAreTheSameEverywhere(t *testing.T) {
	t.Parallel()

	var want []string
	for _, s := range jobs.Statuses() {
		want = append(want, string(s))
	}
	slices.Sort(want)
	for _, place := range []listing{
		{"internal/store/lua", `announce\([^\n]*\)`, `"(\w+)", \w+, now\b`},
		{"internal/httpapi/openapi/openapi.yaml", `\n    Status:\n[^\n]*\n[^\n]*`, `(\w+)[,\]]`},
		{"client/job.go", `(?s)const \(.*?\n\)`, `Status = "(\w+)"`},
		{"docs/webhooks.md", `\n\| [1-9] \|[^|]*\|`, "`([a-z_]+)`"},
		{"docs/api.md", "`status` is [^\n]*never anything else", "`([a-z_]+)`(?:,| or| and)"},
	} {
		place.compare(t, want)
	}
}

// The types of insights are those that the rules find.
func TestTypesOfInsightsAreTheSameEverywhere(t *testing.T) {
	t.Parallel()

	want := listing{"internal/analysis/speech/finding.go", `Kind = "[^\n]*`, `"(\w+)"`}.words(t)
	for _, place := range []listing{
		{"internal/analysis/doc.go", `Type       string [^\n]*`, ` "(\w+)"`},
		{"internal/analysis/analyzer/insights.go", `case "question"[^\n]*`, `"(\w+)"`},
		{"internal/httpapi/insights/insights.go", `(?s)const \(.*?\n\)`, `"(\w+)"`},
		{"internal/httpapi/openapi/openapi.yaml", `enum: \[question[^\n]*`, `(\w+)[,\]]`},
		{"client/insights.go", `Type       string [^\n]*`, ` "(\w+)"`},
	} {
		place.compare(t, want)
	}
}

// The schemes of URLs of Redis are those that the parser knows. Those with TLS
// follow from the others.
func TestSchemesAreTheSameEverywhere(t *testing.T) {
	t.Parallel()

	want := listing{"internal/redis/redisconn/url.go", `(?s)switch scheme \{.*?default:`, `"(redis[+\w]*|unix|[a-qs-z][+\w]*)"`}.words(t)
	want = slices.DeleteFunc(want, func(s string) bool { return strings.HasPrefix(s, "rediss") })
	for _, place := range []listing{
		{"internal/redis/redisconn/open.go", `(?s)// Open returns.*?func Open`, `//\t([+\w]+)://`},
		{"internal/settings/table.go", `(?s)key: "redis_url".*?\n\t\t\},`, `(redis|unix|redis\+\w+|[+\w]*\+[\w]*)://`},
		{"docs/operations.md", "(?s)```\nredis://.*?```", `\n([+\w]+)://`},
	} {
		place.compare(t, want)
	}
}

// A listing is where a file, or the files of a directory, list words.
type listing struct {
	path string // from the root of the repository
	part string // matches the parts of the text that list some
	word string // matches one in a part
}

// words returns what is listed, sorted.
func (l listing) words(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, part := range regexp.MustCompile(l.part).FindAllString(textOf(t, "../"+l.path), -1) {
		for _, m := range regexp.MustCompile(l.word).FindAllStringSubmatch(part, -1) {
			all = append(all, m[1])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (l listing) compare(t *testing.T, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, l.words(t)); diff != "" {
		t.Errorf("%s (-want +listed there):\n%s", l.path, diff)
	}
}

// textOf returns the text of a file, or of all files of a directory.
func textOf(t *testing.T, path string) string {
	t.Helper()
	var text strings.Builder
	err := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		text.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}
