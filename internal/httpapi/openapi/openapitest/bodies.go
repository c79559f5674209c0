package openapitest

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/httpapi/openapi"
)

// CheckBodies checks bodies against the schemas of the document that they are
// listed by: what is read of a body is described, and what is described is
// read. The answers are held against the document by all tests; of a request,
// what nobody sends would go unnoticed.
func CheckBodies(t *testing.T, bodies map[string]any) {
	t.Helper()
	schemas := schemasOf(t)
	for name, body := range bodies {
		schema, ok := schemas[name].(map[string]any)
		if !ok {
			t.Errorf("the schema %s is missing", name)
			continue
		}
		if diff := cmp.Diff(membersOf(reflect.TypeOf(body), ""), propertiesOf(schema, "")); diff != "" {
			t.Errorf("%s: (-read +described)\n%s", name, diff)
		}
	}
}

func schemasOf(t *testing.T) map[string]any {
	t.Helper()
	files := openapi.Files("1.2.3")
	n := slices.IndexFunc(files, func(f openapi.File) bool { return f.Path == "/openapi.json" })
	content, err := files[n].Content()
	if err != nil {
		t.Fatal(err)
	}
	data, err := content.Plain()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Components struct {
			Schemas map[string]any `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Components.Schemas
}

// membersOf returns the paths of the members that a body of type b has, as they
// are matched: without regard to case and underscores.
func membersOf(b reflect.Type, at string) []string {
	all := map[string]bool{}
	for f := range b.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case options == "embed", name == "-": // whatever has no name, and what no body has
		case f.Anonymous:
			for _, path := range membersOf(f.Type, at) {
				all[path] = true
			}
		default:
			all[at+matched(name)] = true
			if f.Type.Name() == "" && f.Type.Kind() == reflect.Struct {
				for _, path := range membersOf(f.Type, at+matched(name)+".") {
					all[path] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// propertiesOf returns the paths of the members that a schema lists, itself and
// not by references.
func propertiesOf(schema map[string]any, at string) []string {
	all := map[string]bool{}
	properties, _ := schema["properties"].(map[string]any)
	for name, p := range properties {
		all[at+matched(name)] = true
		for _, path := range propertiesOf(p.(map[string]any), at+matched(name)+".") {
			all[path] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func matched(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}
