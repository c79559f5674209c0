package insights_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// countedReads counts the messages that are read.
type countedReads struct {
	madeInsights

	messages *int
}

func (s countedReads) EachMessage(ctx context.Context, account, id string, from int) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) {
		for m, err := range s.madeInsights.EachMessage(ctx, account, id, from) {
			if *s.messages++; !yield(m, err) {
				return
			}
		}
	}
}

// longTalk returns a conversation of two members and so many messages, with an insight of
// each type by turns about every second of them, in an order that of says: it returns
// the message that the nth insight is about.
func longTalk(messages int, text string, of func(n int) int) countedReads {
	backend := httpapitest.NewBackend()
	backend.Stored.Conversation.Members = []conversation.Member{{ID: "m0", Name: "Ann"}, {ID: "m1", Name: "Bob"}}
	made := madeMessages{backend, messages, func(n int) conversation.Message {
		m := entityMessage(n, fmt.Sprint("Message ", n, text))
		m.Member = fmt.Sprint("m", n/2%2)
		return m
	}}
	return countedReads{madeInsights{made, messages / 2, func(n int) analysis.Insight {
		m := made.made(of(n))
		ids := []string{m.ID}
		if n%10 == 3 { // it is about the one before as well
			ids = append(ids, fmt.Sprint(of(n)/2))
		}
		return analysis.Insight{ID: fmt.Sprint("i", n), Type: []string{"question", "action_item", "follow_up"}[n%3], Text: m.Text, Own: true, MessageIDs: ids}
	}}, new(int)}
}

type insightInFull struct {
	ID          string
	MessageIDs  []string
	From        struct{ ID, Name string }
	Assignee    struct{ ID, Name string }
	MessageRefs []struct{ ID, Text string }
}

// readInsights reads a list and returns what is in it, and the cursor.
func readInsights(t *testing.T, s countedReads, path, list string) (all []insightInFull, cursor string, more bool) {
	t.Helper()
	got := httptest.NewRecorder()
	apiOver(s, s.Backend).ServeHTTP(got, httpapitest.RequestLine("GET "+path, ""))
	httpapitest.WantStatus(t, got, http.StatusOK)
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]any{list: &all, "cursor": &cursor, "more": &more} {
		if text, there := answer[name]; there {
			if err := json.Unmarshal(text, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all, cursor, more
}

// Insights say who said what they are about, and quote it, whether they are held or read
// beside the messages, as a whole or part by part, and whatever order those of a job
// are in.
func TestInsightsOfAnyConversation(t *testing.T) {
	t.Parallel()
	const large = 40_000
	orders := map[string]func(n int) int{
		"in order":                  func(n int) int { return 2 * n },
		"few are swapped":           func(n int) int { return 2 * (n ^ 1) },
		"those of a job backwards":  func(n int) int { return 2 * (n/5000*5000 + 4999 - n%5000) },
		"the last ones at the head": func(n int) int { return 2 * ((n + large/2 - 3) % (large / 2)) },
	}
	for order, of := range orders {
		for _, size := range []int{20, large} {
			if size < large && order != "in order" {
				continue
			}
			s := longTalk(size, "", of)
			var want []insightInFull
			for n := range size / 2 {
				in := s.insight(n)
				if in.Type != "action_item" {
					continue
				}
				m := s.made(of(n))
				v := insightInFull{ID: in.ID, MessageIDs: in.MessageIDs}
				v.From.ID, v.From.Name = m.Member, map[string]string{"m0": "Ann", "m1": "Bob"}[m.Member]
				v.Assignee = v.From
				for _, id := range in.MessageIDs {
					v.MessageRefs = append(v.MessageRefs, struct{ ID, Text string }{id, "Message " + id})
				}
				want = append(want, v)
			}
			got, _, _ := readInsights(t, s, "/comprehensive/action-items", "actionItems")
			wantSame(t, fmt.Sprint(order, ", ", size), got, want)
			var parts []insightInFull
			for cursor, more := "", true; more; {
				var some []insightInFull
				some, cursor, more = readInsights(t, s, "/comprehensive/action-items?limit=1000&cursor="+url.QueryEscape(cursor), "actionItems")
				parts = append(parts, some...)
			}
			wantSame(t, fmt.Sprint(order, ", ", size, ", in parts"), parts, want)
		}
	}
}

func wantSame(t *testing.T, what string, got, want []insightInFull) {
	t.Helper()
	for n := range min(len(got), len(want)) {
		if !reflect.DeepEqual(got[n], want[n]) {
			t.Errorf("%s: insight %d is %+v, want %+v", what, n, got[n], want[n])
			return
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d insights, want %d", what, len(got), len(want))
	}
}

// slowReads takes a millisecond to read a message.
type slowReads struct{ countedReads }

func (s slowReads) EachMessage(ctx context.Context, account, id string, from int) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) {
		for m, err := range s.countedReads.EachMessage(ctx, account, id, from) {
			if time.Sleep(time.Millisecond); ctx.Err() != nil {
				err = ctx.Err()
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// Many insights are answered also where their messages take longer to read than a
// request may wait.
func TestInsightsOfALongConversationOnABusyMachine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := slowReads{longTalk(40_000, "", func(n int) int { return 2 * n })}
		got, began := httptest.NewRecorder(), time.Now()
		apiOver(s, s.Backend).ServeHTTP(got, httpapitest.RequestLine("GET /insights", ""))
		httpapitest.WantStatus(t, got, http.StatusOK)
		if n := strings.Count(got.Body.String(), `"messageIds":`); n != s.insights || time.Since(began) < 8*time.Second {
			t.Errorf("%d insights after %v, want %d, after longer than a request waits", n, time.Since(began), s.insights)
		}
	})
}

// A part of many insights takes the messages that they are about, wherever it begins, and
// none if it has no insight of its type.
func TestAPartOfInsightsReadsFewMessages(t *testing.T) {
	t.Parallel()
	s := longTalk(100_000, "", func(n int) int { return 2 * n })
	read := func(path, list string) string {
		*s.messages = 0
		got, cursor, _ := readInsights(t, s, path, list)
		if len(got) == 0 || *s.messages > 10_000 {
			t.Errorf("%s: %d messages were read for %d insights, want few", path, *s.messages, len(got))
		}
		return cursor
	}
	cursor := ""
	for range 12 {
		cursor = read("/insights?limit=2000&cursor="+url.QueryEscape(cursor), "insights")
	}
	read("/questions?limit=20", "questions")
	questions := s.insight
	s.insight = func(n int) analysis.Insight {
		in := questions(n)
		in.Type = "question"
		return in
	}
	*s.messages = 0
	if got, _, _ := readInsights(t, s, "/follow-ups", "followUps"); len(got) > 0 || *s.messages > 0 {
		t.Errorf("%d follow-ups, and %d messages were read; want none", len(got), *s.messages)
	}
}

// A reader of insights takes about a megabyte however many there are, and begins to write
// before all are read. Those of a conversation in another order than its messages take
// as much as a job.
func TestMemoryOfAReaderOfInsights(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	orders := []struct {
		name string
		most int64 // KB
		of   func(n int) int
	}{
		{"in order", 2 << 10, func(n int) int { return 2 * n }},
		{"backwards", 8 << 10, func(n int) int { return 2 * (n/5000*5000 + 4999 - n%5000) }},
	}
	for _, order := range orders {
		s := longTalk(200_000, strings.Repeat(" and so on", 30), order.of)
		api, w := apiOver(s, s.Backend), &heldWriter{header: http.Header{}}
		before := inUse()
		api.ServeHTTP(w, httpapitest.RequestLine("GET /insights", ""))
		if w.written < 40<<20 {
			t.Fatalf("%s: the answer has %d bytes, want more than 40 MB, for it to say something", order.name, w.written)
		}
		if grown := (int64(w.most) - int64(before)) >> 10; grown > order.most {
			t.Errorf("%s: the reader took %d KB, want %d at most", order.name, grown, order.most)
		} else {
			t.Logf("%s: the reader took %d KB of an answer of %d MB", order.name, grown, w.written>>20)
		}
	}
}
