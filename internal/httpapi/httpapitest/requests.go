package httpapitest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/turnwise/turnwise/internal/httpapi/openapi/openapitest"
)

// Request returns a request of ann's. Headers are given as name, value, …; an
// empty value takes the header away.
func Request(method, target, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer ann")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	return r
}

// Serve answers a request, and holds both against the OpenAPI document.
func Serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	var body bytes.Buffer
	r.Body = io.NopCloser(io.TeeReader(r.Body, &body))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	openapitest.Check(r, body.Bytes(), w)
	return w
}

// Messages is a body of n messages.
func Messages(n int) string {
	return `{"messages":[` + strings.TrimSuffix(strings.Repeat(`{"payload":{"content":"Hi."}},`, n), ",") + `]}`
}

// Endless is a body that does not end.
type Endless struct{}

// Read implements [io.Reader].
func (Endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// Broken is a body that breaks off.
type Broken struct{}

// Read implements [io.Reader].
func (Broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// ConversationPath is the address of the one conversation.
const ConversationPath = "/v1/conversations/" + ConversationID

// RequestLine is a request of ann's about the conversation, written as "METHOD
// /what/of/it".
func RequestLine(line, body string) *http.Request {
	method, path, _ := strings.Cut(line, " ")
	return Request(method, ConversationPath+path, body)
}

// With is a body of one good message and the members given.
func With(members string) string {
	return `{"messages":[{"payload":{"content":"Hello."}}],` + members + `}`
}

// JSONList is a list of n times the same item.
func JSONList(n int, item string) string {
	return `[` + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + `]`
}
