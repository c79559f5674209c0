package openapitest

import (
	"bytes"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// CheckWebhook checks a request that a receiver got against a webhook of the
// document: the body, the headers that are described, and that those which are
// about the webhook are.
func CheckWebhook(t *testing.T, name string, header http.Header, body []byte) {
	t.Helper()
	d, err := newDocument()
	if err != nil {
		t.Fatal(err)
	}
	post := d.at(place{d.doc, ""}, "webhooks", name, "post")
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.valid(strict, d.at(post, "requestBody", "content", "application/json", "schema"), value); err != nil {
		t.Errorf("the body of the webhook %s is %s: %v", name, body, err)
	}
	described := map[string]bool{}
	parameters, _ := post.node["parameters"].([]any)
	for _, p := range parameters {
		name := p.(node)["name"].(string)
		described[http.CanonicalHeaderKey(name)] = true
		got := header.Get(name)
		schema := p.(node)["schema"].(node)
		_, err := strconv.Atoi(got)
		if required, _ := p.(node)["required"].(bool); required && got == "" || got != "" && schema["type"] == "integer" && err != nil {
			t.Errorf("the header %s is %q, want it as it is described", name, got)
		}
	}
	for name := range header {
		if about := strings.HasPrefix(name, "Webhook-") || name == "Traceparent"; about && !described[name] {
			t.Errorf("the header %s is not described", name)
		}
	}
}

// CheckCallbacks checks that operations call back by a webhook of the document.
func CheckCallbacks(t *testing.T, name string, operations ...string) {
	t.Helper()
	d, err := newDocument()
	if err != nil {
		t.Fatal(err)
	}
	want := d.at(place{d.doc, ""}, "webhooks", name)
	for _, pattern := range operations {
		got := d.at(d.operation(pattern), "callbacks", name, "{$request.body#/webhookUrl}")
		if got.pointer != want.pointer || !reflect.DeepEqual(got.node, want.node) {
			t.Errorf("%s calls back by %s, want %s", pattern, got.pointer, want.pointer)
		}
	}
}
