package openapitest

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// checkRequest checks that a request that succeeded is described: what callers
// may send has to be there. Whatever is said for all bodies alike is put in
// order before: see [tidy].
func (d *document) checkRequest(pattern string, r *http.Request, body []byte, status int) error {
	if status >= http.StatusMultipleChoices {
		return nil
	}
	for name, values := range r.URL.Query() {
		empty := strings.Trim(strings.Join(values, ""), ",") == ""
		if !empty && !d.takes(pattern, name) && !slices.Contains(nonsense(), name) {
			return fmt.Errorf("the parameter %q is not described", name)
		}
	}
	schema := d.at(d.operation(pattern), "requestBody", "content", "application/json", "schema")
	if schema.node == nil || len(bytes.TrimSpace(body)) == 0 || r.Header.Get("Content-Encoding") != "" {
		return nil
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	if err := d.valid(loose, schema, tidy(value)); err != nil {
		return fmt.Errorf("the body of the request: %w: %.200s", err, body)
	}
	return nil
}

// nonsense lists the parameters that tests give to see that they are passed
// over.
func nonsense() []string { return []string{"a", "b", "x", "other", "page"} }

// takes reports whether an operation has a parameter of the query.
func (d *document) takes(pattern, name string) bool {
	operation := d.operation(pattern)
	parameters, _ := operation.node["parameters"].([]any)
	for _, p := range parameters {
		at := p.(node)
		if ref, ok := at["$ref"].(string); ok {
			at = d.at(place{d.doc, ""}, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).node
		}
		if at["in"] == "query" && at["name"] == name {
			return true
		}
	}
	return false
}

// tidy returns a body as it would be without the liberties that callers are
// given in all bodies: names are of any case, a null is as good as nothing, and
// a boolean may be a word. The loose document has its names in lower case.
func tidy(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = tidy(v[i])
		}
	case node:
		tidied := node{}
		for name, member := range v {
			if member != nil {
				tidied[strings.ToLower(name)] = tidy(member)
			}
		}
		return tidied
	case string:
		switch strings.ToLower(v) {
		case "true":
			return true
		case "false":
			return false
		}
	}
	return v
}
