package compat

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/httpapi"
)

// document says in words what the tests show. Its tables of fields and of
// corrections are made from those of the tests: run them with UPDATE=1 after a
// change.
const document = "../../../docs/compatibility.md"

func readDocument(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A row is a call in the document: its name, its status, and why.
type row struct{ name, status, note string }

var rowPattern = regexp.MustCompile("(?m)^\\| `([A-Z]+ [^`]+)` \\| (works|differs|not offered|our own) \\|(.*)\\|$")

func rowsOf(text string) (rows []row) {
	for _, m := range rowPattern.FindAllStringSubmatch(text, -1) {
		rows = append(rows, row{m[1], m[2], strings.TrimSpace(m[3])})
	}
	return rows
}

// route returns a call as all calls of the same route are written.
func route(name string) string {
	name = strings.Replace(name, "…", "/v1/conversations/{}", 1)
	name = regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(name, "{}")
	for one, many := range map[string]string{"tracker": "trackers", "group": "groups", "entity": "entities"} {
		name = regexp.MustCompile("/v1/manage/"+one+`(/|$)`).ReplaceAllString(name, "/v1/manage/"+many+"$1")
	}
	return name
}

// bodiless calls have no answer to check against a table.
var bodiless = []string{"DELETE /oauth2/token:revoke"}

// TestDocumentNamesEveryCall compares the calls of the document with the routes
// that there are, and with the tables of the tests.
func TestDocumentNamesEveryCall(t *testing.T) {
	t.Parallel()

	served := map[string]bool{}
	for _, pattern := range httpapi.New(httpapi.Deps{Catalog: catalog.New(nil)}, slog.New(slog.DiscardHandler), httpapi.Options{}).Patterns() {
		served[route(pattern)] = true
	}
	tested := map[string]bool{}
	for _, call := range allCalls() {
		tested[route(call.name)] = true
	}
	names, named := map[string]bool{}, map[string]bool{}
	for _, r := range rowsOf(readDocument(t)) {
		key := route(r.name)
		if names[r.name] {
			t.Errorf("%s has two rows", r.name)
		}
		names[r.name], named[key] = true, true
		offered := r.status != "not offered"
		switch {
		case offered && !served[key]:
			t.Errorf("%s: %s says the document, and it is not served", r.name, r.status)
		case offered != tested[key] && !slices.Contains(bodiless, r.name):
			t.Errorf("%s: %s says the document, and that its fields are tested is %t", r.name, r.status, tested[key])
		case r.note == "" && r.status != "works":
			t.Errorf("%s: the document does not say how and why", r.name)
		}
	}
	// Those of no vendor's are described on a page of their own, to which this one leads.
	for _, ours := range []string{"`/v1/webhooks/…`", "`/v1/jobs…`", "`/v1/lanes…`"} {
		if !strings.Contains(readDocument(t), ours) {
			t.Errorf("the document does not say where %s is described", ours)
		}
	}
	ours := regexp.MustCompile(` /v1/(webhooks|jobs|lanes)(/|$)`)
	for _, key := range slices.Sorted(maps.Keys(served)) {
		if !named[key] && !ours.MatchString(key) {
			t.Errorf("the document lacks %s", key)
		}
	}
}

// TestNotOffered makes the calls that the document says are not offered.
func TestNotOffered(t *testing.T) {
	t.Parallel()

	c := newCaller(t, callers)
	id := c.begin(`{"messages":[{"payload":{"content":"Hello."}}]}`)
	for _, r := range rowsOf(readDocument(t)) {
		if r.status != "not offered" {
			continue
		}
		method, path, _ := strings.Cut(strings.ReplaceAll(route(r.name), "{}", id), " ")
		a := c.do(method, path, "{}", "Content-Type", "application/json")
		refused := a.status == http.StatusUnprocessableEntity // which says why
		if !refused && (a.status != http.StatusNotFound || !strings.Contains(string(a.body), "not offered by Turnwise")) {
			t.Errorf("%s was answered %d %s, want 404, and that it is not offered by Turnwise", r.name, a.status, a.body)
		}
	}
}

// TestDocumentDecides compares the rows of what was decided with the checks.
func TestDocumentDecides(t *testing.T) {
	t.Parallel()

	shown := map[int]bool{}
	for number := range testedElsewhere {
		shown[number] = true
	}
	for _, c := range checks() {
		shown[c.number] = true
	}
	listed := map[int]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \| [^|]+ \| [^|]+ \|$`).FindAllStringSubmatch(readDocument(t), -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || listed[n] {
			t.Errorf("row %s: %v, there before: %t", m[1], err, listed[n])
		}
		listed[n] = true
	}
	if !maps.Equal(listed, shown) {
		t.Errorf("the document decides %v, the tests show %v", slices.Sorted(maps.Keys(listed)), slices.Sorted(maps.Keys(shown)))
	}
}

// TestDocumentTables compares the tables that are made from those of the tests.
func TestDocumentTables(t *testing.T) {
	t.Parallel()

	text := readDocument(t)
	updated := between(t, text, "fields", fieldTable())
	updated = between(t, updated, "corrections", correctionTable())
	if updated == text {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Fatalf("%s is not what the tables of the tests say; run them with UPDATE=1", document)
	}
	if err := os.WriteFile(document, []byte(updated), 0o644); err != nil {
		t.Fatal(err)
	}
}

// between puts a table between its two marks.
func between(t *testing.T, text, mark, table string) string {
	t.Helper()
	before, rest, begun := strings.Cut(text, "<!-- "+mark+" -->\n")
	_, after, ended := strings.Cut(rest, "<!-- /"+mark+" -->")
	if !begun || !ended {
		t.Fatalf("%s has no marks for %s", document, mark)
	}
	return before + "<!-- " + mark + " -->\n" + table + "<!-- /" + mark + " -->" + after
}

// fieldTable lists what is left out of each answer, and what is added. Calls
// that are alike share a line.
func fieldTable() string {
	var lines []string
	calls := map[string][]string{} // by line
	for _, c := range allCalls() {
		left, added := pathsOf(c.fields, never), pathsOf(c.fields, ours, oursAtTimes)
		if left+added == "" {
			continue
		}
		line := "| " + left + " | " + added + " |"
		if calls[line] == nil {
			lines = append(lines, line)
		}
		calls[line] = append(calls[line], quoted(c.name))
	}
	var b strings.Builder
	b.WriteString("| answer to | left out | added |\n|---|---|---|\n")
	for _, line := range lines {
		fmt.Fprintf(&b, "| %s %s\n", strings.Join(calls[line], ", "), line)
	}
	return b.String()
}

func pathsOf(fields []field, when ...presence) string {
	var paths []string
	for _, f := range fields {
		if slices.Contains(when, f.when) {
			paths = append(paths, "`"+f.path+"`")
		}
	}
	return strings.Join(paths, ", ")
}

// quoted puts a call into quotes, and leaves words as they are.
func quoted(name string) string {
	if strings.HasPrefix(name, "errors") {
		return name
	}
	return "`" + name + "`"
}

func correctionTable() string {
	var b strings.Builder
	b.WriteString("| sample | as printed | as run | because |\n|---|---|---|---|\n")
	for _, c := range corrections {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.file, visible(c.old), visible(c.new), c.reason)
	}
	return b.String()
}

// visible is code that fits on a line.
func visible(code string) string {
	if code == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(strings.TrimPrefix(strings.Join(strings.Fields(strings.ReplaceAll(code, "\n", " ⏎ ")), " "), " "), "|", `\|`) + "`"
}
