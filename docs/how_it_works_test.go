// Package docs_test holds the pages to the code that they speak of.
package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const internal = "../internal"

// code is a name of a package, then one of a function, as the table has them.
var code = regexp.MustCompile("`([a-z/]+)` `((?:\\w+\\.)?\\w+)`")

// The path of an append is shown by functions that exist and scripts that
// exist.
func TestPathOfAnAppend(t *testing.T) {
	t.Parallel()

	page, err := os.ReadFile("how-it-works.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "## One append, step by step\n")
	section, _, _ = strings.Cut(section, "\n## ")
	if !found {
		t.Fatal("how-it-works.md has no section on one append")
	}
	steps := 0
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) != 7 || strings.Contains(line, "---") || strings.Contains(line, "package and function") {
			continue
		}
		steps++
		names := code.FindAllStringSubmatch(cells[3], -1)
		if len(names) == 0 {
			t.Errorf("no function is named in %s", line)
		}
		for _, m := range names {
			if !functions(t, m[1])[m[2]] {
				t.Errorf("there is no %s in package %s", m[2], m[1])
			}
		}
		if script := strings.Trim(cells[4], " `"); script != "" {
			if _, err := os.Stat(filepath.Join(internal, "store", "lua", script+".lua")); err != nil {
				t.Errorf("there is no script %s: %v", script, err)
			}
		}
	}
	if steps < 10 {
		t.Errorf("the table has %d steps, want one for each on the way from HTTP to the webhook", steps)
	}
}

// functions returns the functions of a package, and its methods as
// "Type.method".
func functions(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(internal, filepath.FromSlash(pkg), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("package %s has no files: %v", pkg, err)
	}
	names := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			name := f.Name.Name
			if f.Recv != nil {
				name = receiver(f.Recv.List[0].Type) + "." + name
			}
			names[name] = true
		}
	}
	return names
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
