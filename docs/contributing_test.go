package docs_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// CONTRIBUTING.md lists the packages that there are, and names tests that there
// are.
func TestContributing(t *testing.T) {
	t.Parallel()

	page := textOf(t, "../CONTRIBUTING.md")
	code := textOf(t, internal) + textOf(t, "../client") + textOf(t, ".")
	for _, name := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(page, -1) {
		if !strings.Contains(code, "func "+name[1]+"(") {
			t.Errorf("CONTRIBUTING.md names %s, which is no test", name[1])
		}
	}
	entries, err := os.ReadDir(internal)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, e := range entries {
		want = append(want, e.Name())
	}
	got := listing{"CONTRIBUTING.md", "(?s)\n\\| package \\|.*?\n\n", "\n\\| `(\\w+)`"}.words(t)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("packages (-there are +CONTRIBUTING.md lists):\n%s", diff)
	}
}
