package attention_test

import (
	"net/http"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// TestTranscriptsAreBounded has the memory for answers too small for the second of
// two transcripts.
func TestTranscriptsAreBounded(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewInterview()
	c := backend.Stored.Conversation
	backend.Stored.Page.Conversations = []conversation.Conversation{c, c}
	api := backend.API(httpapi.Options{ReadMemory: 1 << 12})
	got := httpapitest.Serve(api, httpapitest.Request("GET", "/v2/conversations?detailedTranscript=true", ""))
	if got.Code != http.StatusTooManyRequests || got.Header().Get("Retry-After") != "1" {
		t.Errorf("status %d, Retry-After %q: %s; want 429 and when to try again", got.Code, got.Header().Get("Retry-After"), got.Body)
	}
}
