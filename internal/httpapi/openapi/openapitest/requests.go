package openapitest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// checkRequest checks that a request that succeeded is described: what callers
// may send has to be there. Whatever is said for all bodies alike is put in
// order before: see [tidy]. Parameters that are not described are warned of.
func (d *document) checkRequest(pattern string, r *http.Request, body []byte, answer *httptest.ResponseRecorder) error {
	if answer.Code >= http.StatusMultipleChoices {
		return nil
	}
	for name, values := range r.URL.Query() {
		empty := strings.Trim(strings.Join(values, ""), ",") == ""
		if !empty && !d.takes(pattern, name) && answer.Header()["Warning"] == nil {
			return fmt.Errorf("the parameter %q is not described", name)
		}
	}
	schema := d.at(d.operation(pattern), "requestBody", "content", "application/json", "schema")
	if schema.node == nil || len(bytes.TrimSpace(body)) == 0 || r.Header.Get("Content-Encoding") != "" {
		return nil
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	if err != nil {
		return err
	}
	if err := d.valid(loose, schema, tidy(value)); err != nil {
		return fmt.Errorf("the body of the request: %w: %.200s", err, body)
	}
	return nil
}

// takes reports whether an operation has a parameter of the query.
func (d *document) takes(pattern, name string) bool {
	operation := d.operation(pattern)
	parameters, _ := operation.node["parameters"].([]any)
	for _, p := range parameters {
		at := p.(node)
		if ref, ok := at["$ref"].(string); ok {
			at = d.at(place{d.doc, ""}, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).node
		}
		if at["in"] == "query" && strings.EqualFold(at["name"].(string), name) {
			return true
		}
	}
	return false
}

// tidy returns a body as it would be without the liberties that callers are
// given in all bodies: names are of any case, and a null or an empty string is as
// good as nothing. The loose document has its names in lower case.
func tidy(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = tidy(v[i])
		}
	case node:
		tidied := node{}
		for name, member := range v {
			if member != nil && member != "" {
				tidied[strings.ToLower(name)] = tidy(member)
			}
		}
		return tidied
	}
	return v
}
