package edge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// newLongConversation returns a Backend with a conversation of n messages, in every other one of
// which something was found, over the real digests.
func newLongConversation(n int) *httpapitest.Backend {
	subjects := []string{"navigation system", "supplier", "budget review", "customer contract", "launch date", "battery", "screen"}
	backend := httpapitest.NewBackend()
	backend.Stored.Conversation.Members = []conversation.Member{{ID: "a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11", Name: "Mark Lee"}}
	for i := range n {
		m := conversation.Message{
			ID: fmt.Sprintf("%016d", i), Member: backend.Stored.Conversation.Members[0].ID, Polarity: new(0.2),
			Text:  fmt.Sprintf("Mark sends us the %s for the %s today.", subjects[i%7], subjects[i/7%5]),
			Start: httpapitest.Time("2026-05-01T10:00:00Z").Add(time.Duration(i) * time.Second), End: httpapitest.Time("2026-05-01T10:00:01Z").Add(time.Duration(i) * time.Second),
		}
		if i%2 == 0 {
			m.Entities = []conversation.Entity{{Type: "person", Text: "Mark", Value: "mark"}}
			m.Matches = []conversation.Match{{Tracker: "1", Name: "Delivery", Term: "sends", Offset: 5}}
			backend.Stored.Insights = append(backend.Stored.Insights, analysis.Insight{
				ID: m.ID, Type: "action_item", Text: m.Text, Assignee: "Mark", MessageIDs: []string{m.ID}, Entities: m.Entities,
			})
		}
		backend.Stored.Messages = append(backend.Stored.Messages, m)
	}
	return backend
}

func digestAPI(backend *httpapitest.Backend) *httpapi.API {
	deps := backend.Deps()
	deps.Digests = digest.New(backend, lexicon.Load, digest.Options{})
	return httpapi.New(deps, slog.New(slog.DiscardHandler), httpapi.Options{Timeout: time.Minute})
}

// TestDigestsOfAWorld reads topics and summary through the digests, and again
// after a change.
func TestDigestsOfAWorld(t *testing.T) {
	t.Parallel()

	backend := newLongConversation(20)
	backend.Stored.Conversation.Version = "1-0"
	api := digestAPI(backend)
	const base = "/v1/conversations/" + httpapitest.ConversationID
	for _, route := range []string{"/topics?parentRefs=true&sentiment=true", "/topics?customTopicVocabulary=screen", "/summary"} {
		got := httpapitest.Serve(api, httpapitest.Request("GET", base+route, ""))
		httpapitest.WantStatus(t, got, http.StatusOK)
		if got.Body.Len() < 300 {
			t.Errorf("%s: %s, want something of twenty messages", route, got.Body)
		}
	}
	backend.Stored.Messages, backend.Stored.Conversation.Version = nil, "1-1"
	if got := httpapitest.Serve(api, httpapitest.Request("GET", base+"/topics", "")); got.Body.String() != `{"topics":[]}` {
		t.Errorf("after a change: %s, want no topics", got.Body)
	}
}

// TestLongAnswer reads an answer that is sent while it is written.
func TestLongAnswer(t *testing.T) {
	t.Parallel()

	backend := newLongConversation(3000)
	server := httptest.NewServer(digestAPI(backend))
	t.Cleanup(server.Close)
	plain, header, err := fetch(t, server.URL, "/messages", "identity")
	if err != nil || header.Get("Content-Length") != "" {
		t.Fatalf("%v, of the length %q; want it piece by piece", err, header.Get("Content-Length"))
	}
	var body struct{ Messages []struct{ Text string } }
	if err := json.Unmarshal(plain, &body); err != nil || len(body.Messages) != 3000 {
		t.Fatalf("%d messages, %v, want 3000", len(body.Messages), err)
	}
	for i, m := range body.Messages {
		if m.Text != backend.Stored.Messages[i].Text {
			t.Fatalf("message %d says %q, want %q", i, m.Text, backend.Stored.Messages[i].Text)
		}
	}
	zipped, header, err := fetch(t, server.URL, "/messages", "gzip")
	if err != nil || header.Get("Content-Encoding") != "gzip" || len(zipped) > len(plain)/4 {
		t.Errorf("%v, %d bytes with the encoding %q, want a quarter of %d at most, by gzip", err, len(zipped), header.Get("Content-Encoding"), len(plain))
	}
	if unzip(t, bytes.NewReader(zipped)) != string(plain) {
		t.Error("the compressed answer is another one")
	}
}

// TestCutAnswer makes sure that nobody takes for whole what could not be
// written to its end.
func TestCutAnswer(t *testing.T) {
	t.Parallel()

	for _, n := range []int{10, 3000} {
		backend := newLongConversation(n)
		backend.Stored.Messages[n-1].Polarity = new(math.NaN()) // JSON has no word for it
		server := httptest.NewServer(digestAPI(backend))
		t.Cleanup(server.Close)
		body, _, err := fetch(t, server.URL, "/messages?sentiment=true", "gzip")
		if short := n == 10; short && !strings.Contains(string(body), "500") || !short && err == nil {
			t.Errorf("%d messages: %d bytes, %v; want the status 500, and a broken connection once something is sent", n, len(body), err)
		}
	}
}

// fetch reads an answer about the conversation from a server, as it arrives.
func fetch(t *testing.T, server, route, encoding string) ([]byte, http.Header, error) {
	t.Helper()
	r := httpapitest.Request("GET", server+"/v1/conversations/"+httpapitest.ConversationID+route, "", "Accept-Encoding", encoding)
	r.RequestURI = "" // a server's
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return body, resp.Header, err
}

func BenchmarkLongConversation(b *testing.B) {
	backend := newLongConversation(100_000)
	api := digestAPI(backend)
	for _, route := range []string{"topics", "summary", "entities", "trackers", "action-items", "messages"} {
		target := "/v1/conversations/" + httpapitest.ConversationID + "/" + route
		for _, bb := range []struct {
			name   string
			change bool
			header []string
			status int
		}{
			{"cold", true, nil, 200},
			{"warm", false, nil, 200},
			{"warm, zipped", false, []string{"Accept-Encoding", "gzip"}, 200},
			{"known", false, []string{"If-None-Match", "*"}, 304},
		} {
			b.Run(route+"/"+bb.name, func(b *testing.B) {
				b.ReportAllocs()
				for n := 0; b.Loop(); n++ {
					if bb.change {
						backend.Stored.Conversation.Version = fmt.Sprintf("%d-%s-%d", n, route, b.N)
					}
					got := httptest.NewRecorder()
					api.ServeHTTP(got, httpapitest.Request("GET", target, "", bb.header...))
					if got.Code != bb.status {
						b.Fatalf("status %d, want %d", got.Code, bb.status)
					}
					b.ReportMetric(float64(got.Body.Len()), "bytes")
				}
			})
		}
	}
}
