package openapitest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/turnwise/turnwise/internal/httpapi/openapi"
)

// A node is an object of the OpenAPI document.
type node = map[string]any

// A document is the OpenAPI document, to hold requests and answers against.
type document struct {
	doc node
	mux *http.ServeMux // of what the document says is there

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema // compiled, by their places
}

// The document is compiled twice. In the strict one an object has no member
// that is not listed: answers are held against it, so that none goes without a
// description. Callers are told that members may be added. In the loose one all
// names are in lower case, see [tidy].
const (
	loose  = "mem:///loose.json"
	strict = "mem:///strict.json"
)

func newDocument() (*document, error) {
	doc, err := readDocument()
	if err != nil {
		return nil, err
	}
	closed, err := readDocument()
	if err != nil {
		return nil, err
	}
	closeObjects(closed)
	lowered, err := readDocument()
	if err != nil {
		return nil, err
	}
	lowerNames(lowered)
	d := &document{doc: doc.(node), mux: http.NewServeMux(), compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	for place, doc := range map[string]any{loose: lowered, strict: closed} {
		if err := d.compiler.AddResource(place, doc); err != nil {
			return nil, err
		}
	}
	for _, pattern := range d.patterns() {
		d.mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { w.(*signpost).pattern = pattern })
	}
	return d, nil
}

func readDocument() (any, error) {
	files := openapi.Files("1.2.3")
	n := slices.IndexFunc(files, func(f openapi.File) bool { return f.Path == "/openapi.json" })
	content, err := files[n].Content()
	if err != nil {
		return nil, err
	}
	data, err := content.Plain()
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(data))
}

// closeObjects refuses members that are not listed, in all schemas that list
// some.
func closeObjects(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			closeObjects(item)
		}
	case node:
		for _, member := range v {
			closeObjects(member)
		}
		_, lists := v["properties"].(node)
		if _, says := v["additionalProperties"]; lists && !says {
			v["additionalProperties"] = false
		}
	}
}

// lowerNames puts the names that schemas list in lower case, and lets booleans and
// numbers be written as strings, and ids as numbers, as callers may in all bodies.
func lowerNames(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			lowerNames(item)
		}
	case node:
		for _, member := range v {
			lowerNames(member)
		}
		switch v["type"] {
		case "boolean":
			v["type"] = []any{"boolean", "string", "integer"}
		case "number":
			v["type"] = []any{"number", "string"}
		}
		if members, ok := v["properties"].(node); ok {
			lowered := node{}
			for name, schema := range members {
				name = strings.ToLower(name)
				if strings.HasSuffix(name, "id") && schema.(node)["type"] == "string" {
					schema.(node)["type"] = []any{"string", "number"}
				}
				lowered[name] = schema
			}
			v["properties"] = lowered
		}
		names, _ := v["required"].([]any)
		for i := range names {
			names[i] = strings.ToLower(names[i].(string))
		}
	}
}

// patterns lists the operations as package httpapi does.
func (d *document) patterns() []string {
	var all []string
	for path, item := range d.doc["paths"].(node) {
		for method := range item.(node) {
			if method != "parameters" {
				all = append(all, strings.ToUpper(method)+" "+path)
			}
		}
	}
	slices.Sort(all)
	return all
}

// A signpost notes where a request would have gone.
type signpost struct {
	http.ResponseWriter

	pattern string
}

// pattern returns which operation a request is for, "" if for none. It leaves
// the request alone.
func (d *document) pattern(r *http.Request) string {
	to := &signpost{ResponseWriter: httptest.NewRecorder()}
	d.mux.ServeHTTP(to, r.Clone(r.Context()))
	return to.pattern
}

// A place is somewhere in the document: what is there, and the pointer to it.
type place struct {
	node    node
	pointer string // /paths/~1v1~1…
}

// operation returns the place of an operation.
func (d *document) operation(pattern string) place {
	method, path, _ := strings.Cut(pattern, " ")
	return d.at(place{d.doc, ""}, "paths", path, strings.ToLower(method))
}

// at goes from a place along names, following references. The node is nil if
// there is nothing.
func (d *document) at(p place, names ...string) place {
	for _, name := range names {
		next, _ := p.node[name].(node)
		p = place{next, p.pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)}
		if ref, ok := next["$ref"].(string); ok {
			p = d.at(place{d.doc, ""}, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
		}
	}
	return p
}

// valid returns what is wrong with a value by the schema at a place, in the
// loose document or the strict one.
func (d *document) valid(document string, schema place, value any) error {
	d.mu.Lock()
	location := document + "#" + schema.pointer
	compiled, ok := d.schemas[location]
	if !ok {
		var err error
		if compiled, err = d.compiler.Compile(location); err != nil {
			d.mu.Unlock()
			return err
		}
		d.schemas[location] = compiled
	}
	d.mu.Unlock()
	return compiled.Validate(value)
}
