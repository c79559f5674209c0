package openapitest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Main runs the tests of a package, all of which hold what they are answered
// against the document. It fails if the document and the answers differ. When
// all tests ran, it fails as well if none has seen one of the operations succeed,
// or one of the package's shared responses; see [responses].
func Main(m *testing.M, pkg string, operations ...string) {
	flag.Parse()
	code := m.Run()
	found := answers.report(pkg, operations)
	for _, line := range found {
		fmt.Fprintln(os.Stderr, line)
	}
	if len(found) > 0 {
		fmt.Fprintln(os.Stderr, "FAIL: internal/httpapi/openapi/openapi.yaml and the answers differ")
		code = max(code, 1)
	}
	os.Exit(code)
}

// Check checks an answer. The body is that of the request, as far as it was
// read. While fuzzing, which has to be fast, it does not.
func Check(r *http.Request, body []byte, answer *httptest.ResponseRecorder) {
	if !given("fuzz") {
		answers.exchanged(r, body, answer)
	}
}

// Operations lists the operations of the document, each as "METHOD
// /path/{parameter}".
func Operations() ([]string, error) {
	d, err := loaded()
	if err != nil {
		return nil, err
	}
	return d.patterns(), nil
}

var (
	loaded  = sync.OnceValues(newDocument)
	answers = checker{seen: map[string]bool{}}
)

// A checker notes which answers the tests got, and which differ from the
// document.
type checker struct {
	mu    sync.Mutex
	found []string
	seen  map[string]bool // patterns with a success, and pointers of responses
}

// exchanged checks an answer.
func (w *checker) exchanged(r *http.Request, body []byte, answer *httptest.ResponseRecorder) {
	d, err := loaded()
	if err != nil {
		w.note(r, answer, err)
		return
	}
	pattern := d.pattern(r)
	if pattern == "" || answer.Code == 499 || r.Method == http.MethodOptions {
		return // no operation, or nobody who reads the answer
	}
	response := d.at(d.operation(pattern), "responses", strconv.Itoa(answer.Code))
	w.mu.Lock()
	w.seen[response.pointer] = true
	if answer.Code < http.StatusMultipleChoices {
		w.seen[pattern] = true
	}
	w.mu.Unlock()
	for _, err := range []error{
		d.checkHeader(response, answer.Header()),
		d.checkBody(r, response, answer),
		d.checkRequest(pattern, r, body, answer),
	} {
		if err != nil {
			w.note(r, answer, err)
		}
	}
}

// note keeps what was found, with the place in the tests that asked.
func (w *checker) note(r *http.Request, answer *httptest.ResponseRecorder, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := answer.Body.String()
	w.found = append(w.found, fmt.Sprintf("%s: %s %s: %d: %v\n\t%.200s", asker(), r.Method, r.URL.Path, answer.Code, err, text))
}

// asker returns which line of the tests made the request.
func asker() string {
	pcs := make([]uintptr, 20)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		switch filepath.Base(filepath.Dir(f.File)) {
		case "openapitest", "httpapitest":
		default:
			return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line)
		}
		if !more {
			return "?"
		}
	}
}

// report returns what differs, each thing once.
func (w *checker) report(pkg string, operations []string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.Sort(w.found)
	found := slices.Compact(slices.Clone(w.found))
	if d, err := loaded(); err == nil && allRan() {
		found = append(found, w.unseen(d, pkg, operations)...)
	}
	return found
}

// allRan reports whether no test was left out.
func allRan() bool {
	return !given("run") && !given("skip") && !given("list") && !given("bench") && !given("fuzz")
}

// given reports whether go test was given a flag.
func given(name string) bool {
	f := flag.Lookup("test." + name)
	return f != nil && f.Value.String() != f.DefValue
}

// unseen returns the operations that no test saw succeed, and the shared
// responses of the package that no test saw at all.
func (w *checker) unseen(d *document, pkg string, operations []string) []string {
	var all []string
	for _, pattern := range operations {
		responses := d.at(d.operation(pattern), "responses").node
		_, made := responses["201"]
		if _, found := responses["200"]; (made || found) && !w.seen[pattern] {
			all = append(all, pattern+": no test saw it succeed")
		}
	}
	for _, name := range responses()[pkg] {
		if !w.seen["/components/responses/"+name] {
			all = append(all, "components.responses."+name+": no test saw it")
		}
	}
	return all
}

// checkHeader checks that the headers of an answer are those that are
// described, apart from what HTTP itself has.
func (d *document) checkHeader(response place, header http.Header) error {
	if response.node == nil {
		return errors.New("the status is not described")
	}
	all := d.at(response, "headers")
	known := map[string]bool{}
	for name := range all.node {
		key := http.CanonicalHeaderKey(name)
		known[key] = true
		if err := d.checkValue(d.at(all, name), header.Get(key)); err != nil {
			return fmt.Errorf("the header %s: %w", name, err)
		}
	}
	for name := range header {
		switch {
		case known[name], strings.HasPrefix(name, "Access-Control-"):
		case slices.Contains([]string{"Cache-Control", "Content-Encoding", "Content-Length", "Content-Type", "Vary", "Warning", "X-Content-Type-Options"}, name):
		default:
			return fmt.Errorf("the header %s is not described", name)
		}
	}
	return nil
}

func (d *document) checkValue(header place, text string) error {
	required, _ := header.node["required"].(bool)
	if text == "" {
		if required {
			return errors.New("is missing")
		}
		return nil
	}
	var value any = text
	schema := d.at(header, "schema")
	if schema.node["type"] == "integer" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		value = n
	}
	return d.valid(loose, schema, value)
}

// checkBody checks the body of an answer, strictly.
func (d *document) checkBody(r *http.Request, response place, answer *httptest.ResponseRecorder) error {
	if r.Method == http.MethodHead && answer.Body.Len() == 0 {
		return nil
	}
	content := d.at(response, "content")
	if content.node == nil {
		if answer.Body.Len() > 0 {
			return errors.New("a body is not described")
		}
		return nil
	}
	media, _, _ := strings.Cut(answer.Header().Get("Content-Type"), ";")
	described := d.at(content, media)
	if described.node == nil {
		return fmt.Errorf("the media type %q is not described", media)
	}
	var body io.Reader = bytes.NewReader(answer.Body.Bytes())
	if answer.Header().Get("Content-Encoding") == "gzip" {
		var err error
		if body, err = gzip.NewReader(body); err != nil {
			return err
		}
	}
	value, err := jsonschema.UnmarshalJSON(body)
	if err != nil {
		return err
	}
	return d.valid(strict, d.at(described, "schema"), value)
}

// Parameters lists the parameters of the query that each operation of the document
// has, by its pattern.
func Parameters() (map[string][]string, error) {
	d, err := loaded()
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, pattern := range d.patterns() {
		list, _ := d.operation(pattern).node["parameters"].([]any)
		for _, p := range list {
			at := p.(node)
			if ref, ok := at["$ref"].(string); ok {
				at = d.at(place{d.doc, ""}, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).node
			}
			if at["in"] == "query" {
				all[pattern] = append(all[pattern], at["name"].(string))
			}
		}
	}
	return all, nil
}
