package openapi_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/turnwise/turnwise/internal/httpapi/openapi"
)

// content returns what is published at a path.
func content(t *testing.T, path string) []byte {
	t.Helper()
	files := openapi.Files("1.2.3")
	n := slices.IndexFunc(files, func(f openapi.File) bool { return f.Path == path })
	if n < 0 {
		t.Fatalf("nothing is published at %s", path)
	}
	c, err := files[n].Content()
	if err != nil {
		t.Fatal(err)
	}
	data, err := c.Plain()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The document is an OpenAPI document, and its examples are of their schemas.
func TestDocumentIsValid(t *testing.T) {
	t.Parallel()

	doc, err := openapi3.NewLoader().LoadFromData(content(t, "/openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
}

// Both forms say the same, in the same order.
func TestJSONIsTheYAML(t *testing.T) {
	t.Parallel()

	asJSON := content(t, "/openapi.json")
	var fromYAML, fromJSON any
	if err := yaml.Unmarshal(content(t, "/openapi.yaml"), &fromYAML); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(asJSON, &fromJSON); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(fromYAML)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &fromYAML); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fromYAML, fromJSON); diff != "" {
		t.Errorf("(-yaml +json)\n%s", diff)
	}
	var inOrder []int
	for _, path := range []string{`"/v1/process/text":`, `"/v1/conversations":`, `"/oauth2/token:generate":`, `"/v2/conversations":`} {
		inOrder = append(inOrder, bytes.Index(asJSON, []byte(path)))
	}
	if !slices.IsSorted(inOrder) || inOrder[0] < 0 {
		t.Errorf("the paths are at %v, want them in the order of the YAML", inOrder)
	}
}

// The page loads what is published, by relative addresses, and nothing else.
func TestPageIsWhole(t *testing.T) {
	t.Parallel()

	html, script := string(content(t, "/docs")), string(content(t, "/docs/page.js"))
	var named []string
	for _, m := range regexp.MustCompile(`(?:href|src)="([^"]*)"|url: "([^"]*)"`).FindAllStringSubmatch(html+script, -1) {
		named = append(named, m[1]+m[2])
	}
	for _, address := range named {
		if address != "data:," {
			content(t, "/"+address)
		}
	}
	for _, f := range openapi.Files("1.2.3") {
		if !slices.Contains(named, strings.TrimPrefix(f.Path, "/")) && f.Path != "/docs" {
			t.Errorf("%s is published, but the page does not name it", f.Path)
		}
	}
	elsewhere := regexp.MustCompile(`https?://|["'(]//`)
	if found := elsewhere.FindString(html + script + string(content(t, "/docs/page.css"))); found != "" {
		t.Errorf("the page names an address elsewhere: %s", found)
	}
}

// What is asked for without compression is expanded once, however often it is
// asked for: anybody may.
func TestPlainContentIsKept(t *testing.T) {
	t.Parallel()

	for _, f := range openapi.Files("1.2.3") {
		first, err := f.Content()
		if err != nil {
			t.Fatal(err)
		}
		again, err := f.Content()
		if err != nil {
			t.Fatal(err)
		}
		one, err := first.Plain()
		if err != nil {
			t.Fatal(err)
		}
		if two, err := again.Plain(); err != nil || len(one) == 0 || &one[0] != &two[0] {
			t.Errorf("%s: expanded twice, %v", f.Path, err)
		}
	}
}

// The document has the version of the program, in both forms.
func TestDocumentHasTheVersion(t *testing.T) {
	t.Parallel()

	for _, path := range []string{"/openapi.yaml", "/openapi.json"} {
		var doc struct{ Info struct{ Version string } }
		if err := yaml.Unmarshal(content(t, path), &doc); err != nil || doc.Info.Version != "1.2.3" {
			t.Errorf("%s is of version %q, %v; want 1.2.3", path, doc.Info.Version, err)
		}
	}
}
