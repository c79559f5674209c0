package insights_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// madeMessages are messages that are made when they are read.
type madeMessages struct {
	*httpapitest.Backend

	count int
	made  func(n int) conversation.Message
}

func (s madeMessages) EachMessage(_ context.Context, _, _ string, from int) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) {
		for n := from; n < s.count && yield(s.made(n), nil); n++ {
		}
	}
}

func (s madeMessages) MessagesAt(_ context.Context, _, _ string, at iter.Seq[int]) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) {
		last := -1
		for n := range at {
			if n <= last || n >= s.count {
				panic(fmt.Sprintf("asked for message %d after %d, of %d", n, last, s.count))
			}
			if last = n; !yield(s.made(n), nil) {
				return
			}
		}
	}
}

// apiOver returns an API over a backend that reads conversations from elsewhere.
func apiOver(from conversations.Store, backend *httpapitest.Backend) *httpapi.API {
	deps := backend.Deps()
	deps.Conversations = from
	return httpapi.New(deps, slog.New(slog.DiscardHandler), httpapi.Options{})
}

func entityMessage(n int, text string, entities ...conversation.Entity) conversation.Message {
	begin := time.Date(2026, 5, 1, 9, 0, n, 0, time.UTC)
	return conversation.Message{ID: fmt.Sprint(n), Text: text, Start: begin, End: begin.Add(time.Second), Entities: entities}
}

// The entities of a long conversation, read again while they are written, are those that
// one gets who reads it once and holds all of them: some are rare, one is everywhere, one
// has many spellings, and one a few that are frequent.
func TestEntitiesOfALongConversation(t *testing.T) {
	t.Parallel()
	of := func(kind, text, value string) conversation.Entity {
		return conversation.Entity{Type: kind, Text: text, Value: value}
	}
	s := madeMessages{httpapitest.NewBackend(), 6000, func(n int) conversation.Message {
		all := []conversation.Entity{of("date", "Monday", "2026-05-04")}
		if n%2 == 0 {
			all = append(all, of("number", fmt.Sprint(n), fmt.Sprint(n)), of("place", fmt.Sprint("spelling ", n%3000), "one"))
		}
		if n%3 != 0 {
			all = append(all, of("name", []string{"Ann", "ANN", "ann"}[n%3], "ann"), of("name", "Ann", "ann"))
		}
		return entityMessage(n, fmt.Sprint("Message ", n, " of Monday."), all...)
	}}
	got := httptest.NewRecorder()
	apiOver(s, s.Backend).ServeHTTP(got, httpapitest.RequestLine("GET /entities", ""))
	httpapitest.WantStatus(t, got, http.StatusOK)
	var answer, want struct{ Entities []entityInFull }
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	numbers, spellings := map[string]int{}, map[string]int{}
	for n := range s.count {
		m := s.made(n)
		for _, e := range m.Entities {
			key := e.Type + " " + e.Value
			if _, known := numbers[key]; !known {
				numbers[key] = len(want.Entities)
				want.Entities = append(want.Entities, entityInFull{Type: e.Type, Value: e.Value, Text: e.Text, SubType: e.Type, Category: "Managed"})
			}
			to := &want.Entities[numbers[key]]
			if _, known := spellings[key+" "+e.Text]; !known {
				spellings[key+" "+e.Text] = len(to.Matches)
				to.Matches = append(to.Matches, matchInFull{DetectedValue: e.Text})
			}
			match := &to.Matches[spellings[key+" "+e.Text]]
			to.MessageRefs, match.MessageRefs = append(to.MessageRefs, refInFull{m.ID, m.Text}), append(match.MessageRefs, refInFull{m.ID, m.Text})
		}
	}
	if diff := cmp.Diff(want, answer); diff != "" {
		t.Errorf("entities (-want +got):\n%.2000s", diff)
	}
}

type entityInFull struct {
	Type, Value, Text, SubType, Category string
	MessageRefs                          []refInFull
	Matches                              []matchInFull
}

type matchInFull struct {
	DetectedValue string
	MessageRefs   []refInFull
}

type refInFull struct{ ID, Text string }

// A heldWriter notes the memory in use while an answer is written, and drops it.
type heldWriter struct {
	header  http.Header
	written int
	calls   int
	most    uint64
}

func (w *heldWriter) Header() http.Header { return w.header }
func (w *heldWriter) WriteHeader(int)     {}

func (w *heldWriter) Write(p []byte) (int, error) {
	if w.calls++; w.calls%64 == 1 {
		w.most = max(w.most, inUse())
	}
	w.written += len(p)
	return len(p), nil
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A reader of entities takes about a megabyte and where they occur, however long the
// conversation and its messages are. Held at once, these would be thirty.
func TestMemoryOfAReaderOfEntities(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	long := strings.Repeat("ä", 2000)
	s := madeMessages{httpapitest.NewBackend(), 800, func(n int) conversation.Message {
		var all []conversation.Entity
		for i := range 20 {
			all = append(all, conversation.Entity{Type: "date", Text: "Monday", Value: fmt.Sprint("day ", n%7*i), Offset: 50 * i})
		}
		return entityMessage(n, fmt.Sprint("Message ", n, long), all...)
	}}
	api, w := apiOver(s, s.Backend), &heldWriter{header: http.Header{}}
	before := inUse()
	api.ServeHTTP(w, httpapitest.RequestLine("GET /entities", ""))
	if w.written < 50<<20 {
		t.Fatalf("the answer has %d bytes, want more than 50 MB, for it to say something", w.written)
	}
	if grown := (int64(w.most) - int64(before)) >> 10; grown > 5<<10 { // of which 16,000 marks are a third of one
		t.Errorf("the reader took %d KB, want 5 MB at most", grown)
	} else {
		t.Logf("the reader took %d KB of an answer of %d MB", grown, w.written>>20)
	}
}
