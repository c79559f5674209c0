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
	for _, place := range []struct{ files, part, each string }{
		{"internal/store/lua", `announce\([^\n]*\)`, `"(\w+)", \w+, now\)`},
		{"internal/httpapi/openapi/openapi.yaml", `\n    Status:\n[^\n]*\n[^\n]*`, `(\w+)[,\]]`},
		{"client/job.go", `(?s)const \(.*?\n\)`, `Status = "(\w+)"`},
		{"docs/webhooks.md", `(?s)## Events\n.*?\n\n`, "`([a-z_]+)`"},
		{"docs/api.md", "`status` is [^\n]*never anything else", "`([a-z_]+)`"},
	} {
		var got []string
		for _, part := range regexp.MustCompile(place.part).FindAllString(textOf(t, "../"+place.files), -1) {
			for _, m := range regexp.MustCompile(place.each).FindAllStringSubmatch(part, -1) {
				if m[1] != "sequence" && m[1] != "status" && m[1] != "message" {
					got = append(got, m[1])
				}
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
			t.Errorf("%s (-jobs.Statuses +listed there):\n%s", place.files, diff)
		}
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
