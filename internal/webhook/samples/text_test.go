package samples

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is where README.md and docs are.
const root = "../../.."

// A program is a block of code in a document.
type program struct {
	file, language string
	number         int    // among those of its language in the file, from 0
	path           string // that a receiver is called at; empty if it is none
	decodes        bool   // it looks at what the body says
	before, after  string // what the document leaves out
}

const (
	goHead = `package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"os"
	"time"
`
	goServer = `
	_, _ = context.Background(), io.EOF
	server := &http.Server{Addr: "127.0.0.1:9090", ReadTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}
`
)

var programs = []program{
	{file: "README.md", language: "go", number: 0},
	{file: "README.md", language: "go", number: 1, path: "/hook", before: goHead, after: goServer},
	{file: "docs/webhooks.md", language: "go", path: "/", decodes: true},
	{file: "docs/webhooks.md", language: "js", path: "/", decodes: true},
	{file: "docs/webhooks.md", language: "python", path: "/", decodes: true},
}

func (p program) String() string { return p.file + " " + p.language }

var fenced = regexp.MustCompile("(?ms)^```(go|js|javascript|mjs|ts|typescript|node|py|python)$\n(.*?)^```$")

// blocks returns the programs of a document by their languages.
func blocks(t *testing.T, file string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		found[m[1]] = append(found[m[1]], m[2])
	}
	return found
}

// text returns the program with what the document leaves out.
func (p program) text(t *testing.T) string {
	t.Helper()
	all := blocks(t, p.file)[p.language]
	if p.number >= len(all) {
		t.Fatalf("%s has %d programs, want more than %d", p, len(all), p.number)
	}
	text := all[p.number]
	if p.before == "" {
		return text
	}
	imports, rest, found := strings.Cut(strings.TrimPrefix(text, "import "), "\n")
	if !found {
		t.Fatalf("%s has but one line", p)
	}
	return p.before + "\n\t" + imports + "\n)\n\nfunc main() {\n" + rest + p.after
}

// TestEveryProgramIsKnown fails when a document has a program that is not in
// the table.
func TestEveryProgramIsKnown(t *testing.T) {
	t.Parallel()

	known := map[string]int{}
	for _, p := range programs {
		known[p.String()]++
	}
	files, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are %d documents, and %v", len(files), err)
	}
	for _, file := range append(files, filepath.Join(root, "README.md")) {
		file, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		for language, found := range blocks(t, file) {
			p := program{file: file, language: language}
			if known[p.String()] != len(found) {
				t.Errorf("%s: %d programs, and %d in the table. Add what is new, so that it is tested.", p, len(found), known[p.String()])
			}
		}
	}
}
