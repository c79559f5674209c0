package edge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// many returns a topic of so many messages that the answer is long.
func many(text string) digest.Topics {
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
		told := fmt.Sprint(h.Get("ETag"), h.Get("Content-Type"), h.Get("Vary"), h.Get("Content-Encoding"))
		if h.Get("Content-Encoding") == "gzip" {
			return unzip(t, got.Body), told
		}
		return got.Body.String(), told
	}
	wantText := func(body, text string) {
		t.Helper()
		if !strings.Contains(body, `"text":"`+text+`"`) {
			t.Errorf("%.80s, want the topic %q", body, text)
		}
	}
	backend.Stored.Topics = many("first")
	plain, told := read("")
	zipped, toldZipped := read("", "Accept-Encoding", "gzip")
	backend.Stored.Topics = many("second")
	if again, toldAgain := read(""); again != plain || toldAgain != told {
		t.Errorf("again: %.80s, %q, want %.80s, %q", again, toldAgain, plain, told)
	}
	if again, toldAgain := read("", "Accept-Encoding", "gzip"); again != zipped || zipped != plain || toldAgain != toldZipped {
		t.Errorf("again, compressed: %.80s, %q, want %.80s, %q", again, toldAgain, zipped, toldZipped)
	}
	other, _ := read("?sentiment=true")
	wantText(other, "second")
	backend.Stored.Conversation.Version = "9-9"
	backend.Stored.Topics.Interim = true
	changed, _ := read("")
	wantText(changed, "second")
	backend.Stored.Topics = many("third")
	settled, _ := read("")
	wantText(settled, "third")
	if got := httpapitest.Serve(api, httpapitest.Request("GET", target, "", "Authorization", "Bearer bob")); got.Code != 404 {
		t.Errorf("status %d for somebody else, want 404", got.Code)
	}
}
