package compat

import (
	"os"
	"strings"
	"testing"
)

// Every address of the vendors' references works, or is named as not offered: it has
// a row in the document, which other tests hold against the worker.
func TestDocumentNamesEveryPublishedRoute(t *testing.T) {
	t.Parallel()

	named := map[string]string{}
	for _, r := range rowsOf(readDocument(t)) {
		named[route(r.name)] = r.status
	}
	published := 0
	for _, vendor := range []string{"symbl", "attention"} {
		data, err := os.ReadFile("testdata/routes/" + vendor + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			published++
			if status := named[route(line)]; status == "" || status == "our own" {
				t.Errorf("%s of %s is %q in the document, want what it is to its clients", line, vendor, status)
			}
		}
	}
	if published < 90 {
		t.Errorf("there are %d published addresses, want 90 and more", published)
	}
}
