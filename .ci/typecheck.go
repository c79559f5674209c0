//go:build ignore

// Typecheck checks programs, with all that they import, for each system and processor
// that a release is for. It finds what a compiler would find in our own code and in what
// others declare, and compiles nothing, so that it takes seconds in place of minutes:
//
//	go run .ci/typecheck.go ./cmd/enqueue ./cmd/worker
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
)

func main() {
	c := checker{files: token.NewFileSet(), slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
	systems, processors := released("goos"), released("goarch")
	for _, system := range systems {
		for _, processor := range processors {
			if err := c.check(system, processor, os.Args[1:]); err != nil {
				fmt.Fprintf(os.Stderr, "%s/%s: %v\n", system, processor, err)
				os.Exit(1)
			}
		}
	}
	fmt.Println("checked for", strings.Join(systems, ", "), "on", strings.Join(processors, ", "))
}

// released returns the values of a member of .goreleaser.yaml.
func released(name string) []string {
	content, err := os.ReadFile(".goreleaser.yaml")
	if err != nil {
		panic(err)
	}
	found := regexp.MustCompile(`(?m)^ +` + name + `: \[(.+)\]$`).FindSubmatch(content)
	if found == nil {
		panic(".goreleaser.yaml has no list " + name)
	}
	return strings.Split(string(found[1]), ", ")
}

// A checker keeps what it has parsed, since most files are for all systems.
type checker struct {
	files  *token.FileSet
	parsed sync.Map // by path
	slots  chan struct{}
}

// A pkg is a package, as go list tells of it, with its dependencies before it.
type pkg struct {
	ImportPath, Dir string
	GoFiles         []string
	Imports         []string
	ImportMap       map[string]string
	Module          *struct{ Main bool }

	done  chan struct{}
	types *types.Package
	errs  []error
}

// check checks the programs for one system and processor.
func (c *checker) check(system, processor string, programs []string) error {
	all, err := list(system, processor, programs)
	if err != nil {
		return err
	}
	byPath := map[string]*pkg{}
	for _, p := range all {
		p.done = make(chan struct{})
		byPath[p.ImportPath] = p
	}
	for _, p := range all {
		go c.checkPackage(p, byPath, types.SizesFor("gc", processor))
	}
	var errs []error
	for _, p := range all {
		<-p.done
		errs = append(errs, p.errs...)
	}
	return errors.Join(errs...)
}

// list returns the programs and all that they import.
func list(system, processor string, programs []string) ([]*pkg, error) {
	cmd := exec.Command("go", append([]string{"list", "-deps", "-json=ImportPath,Dir,GoFiles,Imports,ImportMap,Module"}, programs...)...)
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+processor, "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var all []*pkg
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		p := new(pkg)
		if err := decoder.Decode(p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("read what go list says: %w", err)
		}
		all = append(all, p)
	}
}

// checkPackage checks a package once those are checked that it imports.
func (c *checker) checkPackage(p *pkg, all map[string]*pkg, sizes types.Sizes) {
	defer close(p.done)
	for _, path := range p.Imports {
		if q := all[path]; q != nil {
			<-q.done
		}
	}
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
	if p.ImportPath == "unsafe" {
		p.types = types.Unsafe
		return
	}
	own := p.Module != nil && p.Module.Main
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := c.parse(filepath.Join(p.Dir, name), own)
		if err != nil {
			p.errs = append(p.errs, err)
			continue
		}
		files = append(files, file)
	}
	config := types.Config{
		Importer:         importer(func(path string) *pkg { return all[path] }).of(p),
		IgnoreFuncBodies: !own,
		Sizes:            sizes,
		Error:            func(err error) { p.errs = append(p.errs, err) },
	}
	p.types, _ = config.Check(p.ImportPath, c.files, files, nil) // its errors are noted
}

// parse parses a file, once. Of functions of others it forgets what they do.
func (c *checker) parse(path string, own bool) (*ast.File, error) {
	if file, known := c.parsed.Load(path); known {
		return file.(*ast.File), nil
	}
	file, err := parser.ParseFile(c.files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && !own && f.Body != nil {
			f.Body = &ast.BlockStmt{Lbrace: f.Body.Lbrace, Rbrace: f.Body.Rbrace}
		}
	}
	c.parsed.Store(path, file)
	return file, nil
}

// An importer finds packages by their paths.
type importer func(path string) *pkg

// of returns the importer of what a package names.
func (find importer) of(p *pkg) types.Importer {
	return importerFunc(func(path string) (*types.Package, error) {
		if mapped, ok := p.ImportMap[path]; ok {
			path = mapped
		}
		q := find(path)
		if q == nil || q.types == nil {
			return nil, fmt.Errorf("package %s is not there", path)
		}
		return q.types, nil
	})
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }
