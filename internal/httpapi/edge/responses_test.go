package edge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// longTopics returns a topic of so many messages that the answer is long.
func longTopics(text string) digest.Topics {
	t := digest.Topic{ID: "1", Text: text}
	for n := range 10_000 {
		t.Messages = append(t.Messages, fmt.Sprintf("%016d", n))
	}
	return digest.Topics{All: []digest.Topic{t}}
}

// TestLongAnswersAreKept has topics change under a conversation: as long as its
// version stays, who asks the same gets what was sent before, byte for byte.
func TestLongAnswersAreKept(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewInterview()
	api := backend.API(httpapi.Options{})
	target := "/v1/conversations/" + httpapitest.ConversationID + "/topics"
	read := func(query string, headers ...string) (string, string) {
		t.Helper()
		got := httpapitest.Serve(api, httpapitest.Request("GET", target+query, "", headers...))
		httpapitest.WantStatus(t, got, 200)
		h := got.Header()
		seen := fmt.Sprint(h.Get("ETag"), h.Get("Content-Type"), h.Get("Vary"), h.Get("Content-Encoding"))
		if h.Get("Content-Encoding") == "gzip" {
			return unzip(t, got.Body), seen
		}
		return got.Body.String(), seen
	}
	wantText := func(body, text string) {
		t.Helper()
		if !strings.Contains(body, `"text":"`+text+`"`) {
			t.Errorf("%.80s, want the topic %q", body, text)
		}
	}
	backend.Stored.Topics = longTopics("first")
	plain, headers := read("")
	zipped, headersZipped := read("", "Accept-Encoding", "gzip")
	backend.Stored.Topics = longTopics("second")
	if again, headersAgain := read(""); again != plain || headersAgain != headers {
		t.Errorf("again: %.80s, %q, want %.80s, %q", again, headersAgain, plain, headers)
	}
	if again, headersAgain := read("", "Accept-Encoding", "gzip"); again != zipped || zipped != plain || headersAgain != headersZipped {
		t.Errorf("again, compressed: %.80s, %q, want %.80s, %q", again, headersAgain, zipped, headersZipped)
	}
	other, _ := read("?sentiment=true")
	wantText(other, "second")
	backend.Stored.Conversation.Version = "9-9"
	backend.Stored.Topics.Interim = true
	changed, _ := read("")
	wantText(changed, "second")
	backend.Stored.Topics = longTopics("third")
	settled, _ := read("")
	wantText(settled, "third")
	if got := httpapitest.Serve(api, httpapitest.Request("GET", target, "", "Authorization", "Bearer bob")); got.Code != 404 {
		t.Errorf("status %d for somebody else, want 404", got.Code)
	}
}
