package attention_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
)

// What all requests have in common is refused in the form of the v2 API too.
func TestRefusalsOfV2(t *testing.T) {
	t.Parallel()

	const text = `{"transcript":{"v1":{"final":[{"sentence":"Hi."}]}}}`
	tests := []struct {
		name                 string
		err                  error
		method, target, body string
		media                string
		status               int
		message              string
	}{
		{
			name: "another version", err: edit.ErrVersion, method: "PUT", target: resourceURL, body: `{}`, status: 412,
			message: "The conversation is not at the version that If-Match names. Read it again, and repeat the change with its new ETag.",
		},
		{
			name: "a large body", method: "PUT", target: resourceURL, body: strings.Repeat(" ", 1<<20+1), status: 413,
			message: "The body must not be larger than 1048576 bytes. Send less at a time.",
		},
		{
			name: "no JSON", method: "PUT", target: resourceURL, body: "title=T", media: "application/x-www-form-urlencoded", status: 415,
			message: "The Content-Type must be application/json, in UTF-8.",
		},
		{
			name: "a key that was used", err: jobs.ErrKeyReused, method: "POST", target: "/v2/conversations/import", body: text, status: 422,
			message: "The Idempotency-Key was used for another request. Use a new key for a new request.",
		},
		{
			name: "too many jobs", err: &jobs.BacklogError{Limit: 7}, method: "POST", target: "/v2/conversations/import", body: text, status: 429,
			message: "The conversation has 7 unfinished jobs, which is the limit. Send the request again when some have finished.",
		},
		{
			name: "anything else", err: errors.New("a secret"), method: "GET", target: "/v2/conversations", status: 500,
			message: "Something went wrong. The X-Request-Id of this answer leads the operator to the cause.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			backend.Err = tt.err
			r := httpapitest.Request(tt.method, tt.target, tt.body)
			if tt.media != "" {
				r.Header.Set("Content-Type", tt.media)
			}
			wantFailure(t, httpapitest.Serve(backend.API(httpapi.Options{}), r), tt.status, tt.message)
		})
	}
}
