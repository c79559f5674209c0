package insights_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// madeInsights are insights that are made when they are read, beside messages that are.
type madeInsights struct {
	madeMessages

	insights int
	insight  func(n int) analysis.Insight
}

func (s madeInsights) EachInsight(_ context.Context, _, _ string, from int) iter.Seq2[analysis.Insight, error] {
	return func(yield func(analysis.Insight, error) bool) {
		for n := from; n < s.insights && yield(s.insight(n), nil); n++ {
		}
	}
}

func (s madeInsights) InsightsAt(_ context.Context, _, _ string, at iter.Seq[int]) iter.Seq2[analysis.Insight, error] {
	return func(yield func(analysis.Insight, error) bool) {
		for n := range at {
			if !yield(s.insight(n), nil) {
				return
			}
		}
	}
}

type trackerInFull struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Matches []*termInFull  `json:"matches"`
	terms   map[string]int // in Matches
}

type termInFull struct {
	Type        string      `json:"type"`
	Value       string      `json:"value"`
	MessageRefs []placeOf   `json:"messageRefs"`
	InsightRefs []insightOf `json:"insightRefs"`
}

type placeOf struct {
	ID        string `json:"id"`
	Text      string `json:"text"`
	Offset    int    `json:"offset"`
	StartTime string `json:"startTime"`
	EndTime   string `json:"endTime"`
}

type insightOf struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Text   string `json:"text"`
	Offset int    `json:"offset"`
}

// trackersInFull are the trackers as who holds all messages and insights would tell them,
// where no text is longer than a quote.
func trackersInFull(messages []conversation.Message, insights []analysis.Insight) []*trackerInFull {
	about := map[string][]analysis.Insight{}
	for _, in := range insights {
		for _, id := range in.MessageIDs {
			about[id] = append(about[id], in)
		}
	}
	all, numbers := []*trackerInFull{}, map[string]int{}
	for _, m := range messages {
		told := map[*termInFull]bool{}
		for _, hit := range m.Matches {
			if _, known := numbers[hit.Tracker]; !known {
				numbers[hit.Tracker] = len(all)
				all = append(all, &trackerInFull{ID: hit.Tracker, Name: hit.Name, terms: map[string]int{}})
			}
			to := all[numbers[hit.Tracker]]
			if _, known := to.terms[hit.Term]; !known {
				to.terms[hit.Term] = len(to.Matches)
				to.Matches = append(to.Matches, &termInFull{Type: "vocabulary", Value: hit.Term, InsightRefs: []insightOf{}})
			}
			term := to.Matches[to.terms[hit.Term]]
			const form = "2006-01-02T15:04:05.000Z"
			term.MessageRefs = append(term.MessageRefs, placeOf{m.ID, m.Text, hit.Offset, m.Start.Format(form), m.End.Format(form)})
			for _, in := range about[m.ID] {
				if offset := hit.Offset; !told[term] {
					if in.Text != m.Text && offset >= 0 {
						offset = strings.Index(strings.ToLower(in.Text), strings.ToLower(hit.Term))
					}
					term.InsightRefs = append(term.InsightRefs, insightOf{in.ID, in.Type, in.Text, offset})
				}
			}
			told[term] = true
		}
	}
	return all
}

// Trackers are told alike whether they are held or read again while they are written: some
// are rare, one is everywhere by one term, one by many terms of which few are frequent, and
// insights are about several messages, also earlier ones.
func TestTrackersOfAnyConversation(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 2, 40, 400, 6000} {
		of := func(tracker, term string, offset int) conversation.Match {
			return conversation.Match{Tracker: tracker, Name: "Tracker " + tracker, Term: term, Offset: offset}
		}
		messages := madeMessages{httpapitest.NewBackend(), size, func(n int) conversation.Message {
			m := entityMessage(n, fmt.Sprint("Message ", n, " about the budget of Monday."))
			if n%5 == 1 {
				return m
			}
			m.Matches = []conversation.Match{of("everywhere", "budget", 18), of("everywhere", "budget", -1)}
			if n%2 == 0 {
				m.Matches = append(m.Matches, of(fmt.Sprint("rare ", n), "message", 0), of("wide", fmt.Sprint("term ", n%3000), -1))
			}
			if n%3 != 0 {
				m.Matches = append(m.Matches, of("wide", "monday", 30), of("wide", []string{"", "about", "the"}[n%3], 12))
			}
			return m
		}}
		s := madeInsights{messages, size, func(n int) analysis.Insight {
			text := messages.made(n).Text
			if n%7 == 0 {
				text = "They said: " + text
			}
			return analysis.Insight{ID: fmt.Sprint("i", n), Type: "question", Text: text, MessageIDs: []string{fmt.Sprint(n), fmt.Sprint(n * 31 % size)}}
		}}
		var all []conversation.Message
		var insights []analysis.Insight
		for n := range size {
			all, insights = append(all, s.made(n)), append(insights, s.insight(n))
		}
		var want bytes.Buffer
		if err := json.NewEncoder(&want).Encode(trackersInFull(all, insights)); err != nil {
			t.Fatal(err)
		}
		got := httptest.NewRecorder()
		apiOver(s, s.Backend).ServeHTTP(got, httpapitest.RequestLine("GET /trackers", ""))
		httpapitest.WantStatus(t, got, http.StatusOK)
		if want := bytes.TrimSpace(want.Bytes()); !bytes.Equal(got.Body.Bytes(), want) {
			at := 0
			for at < min(len(want), got.Body.Len()) && want[at] == got.Body.Bytes()[at] {
				at++
			}
			from := max(at-100, 0)
			t.Errorf("of %d messages the answer is another from byte %d of %d on:\n%.300s\nwant %d bytes:\n%.300s",
				size, at, got.Body.Len(), got.Body.Bytes()[from:], len(want), want[from:])
		}
	}
}

// A reader of trackers takes few megabytes however many messages matched: here each of
// 100,000, with an insight about each or by many terms. All held at once, these would be a
// hundred.
func TestMemoryOfAReaderOfTrackers(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	for _, places := range []struct {
		name     string
		insights int
		terms    int
	}{{"one term", 0, 1}, {"one term with insights", 100_000, 1}, {"many terms", 0, 30_000}} {
		var most uint64
		long := strings.Repeat("We spoke about the budget. ", 20)
		messages := madeMessages{httpapitest.NewBackend(), 100_000, func(n int) conversation.Message {
			if n%25_000 == 24_999 {
				most = max(most, inUse())
			}
			m := entityMessage(n, fmt.Sprint("Message ", n, long))
			m.Matches = []conversation.Match{{Tracker: "1", Name: "Money", Term: fmt.Sprint("term ", n*7%places.terms), Offset: -1}}
			return m
		}}
		s := madeInsights{messages, places.insights, func(n int) analysis.Insight {
			return analysis.Insight{ID: fmt.Sprint("i", n), Type: "question", Text: long, MessageIDs: []string{fmt.Sprint(n)}}
		}}
		api, w := apiOver(s, s.Backend), &heldWriter{header: http.Header{}}
		before := inUse()
		api.ServeHTTP(w, httpapitest.RequestLine("GET /trackers", ""))
		if w.written < 50<<20 {
			t.Fatalf("%s: the answer has %d bytes, want more than 50 MB, for it to say something", places.name, w.written)
		}
		most = max(most, w.most)
		if grown := (int64(most) - int64(before)) >> 10; grown > 8<<10 {
			t.Errorf("%s: the reader took %d KB, want 8 MB at most", places.name, grown)
		} else {
			t.Logf("%s: the reader took %d KB of an answer of %d MB", places.name, grown, w.written>>20)
		}
	}
}

// An answer of trackers ends with the place that is beyond the bound, of messages and
// insights together, in the order of the messages, in whatever order the insights are.
func TestBoundOfPlacesOfTrackers(t *testing.T) {
	t.Parallel()
	const size = 60_000
	messages := madeMessages{httpapitest.NewBackend(), size, func(n int) conversation.Message {
		m := entityMessage(n, fmt.Sprint("Message ", n))
		m.Matches = []conversation.Match{{Tracker: "1", Name: "One", Term: "message"}, {Tracker: "2", Name: "Two", Term: "message"}}
		return m
	}}
	const about = 4
	s := madeInsights{messages, about * size, func(n int) analysis.Insight { // those about the first messages come last
		return analysis.Insight{ID: fmt.Sprint(n), Type: "question", Text: "Message", MessageIDs: []string{fmt.Sprint(size - 1 - n/about)}}
	}}
	got := httptest.NewRecorder()
	apiOver(s, s.Backend).ServeHTTP(got, httpapitest.RequestLine("GET /trackers", ""))
	httpapitest.WantStatus(t, got, http.StatusOK)
	var answer []trackerInFull
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil || len(answer) != 2 {
		t.Fatalf("%v, %d trackers, want 2", err, len(answer))
	}
	for n, tracker := range answer {
		term := tracker.Matches[0] // each message is told by both trackers, with four insights: ten places
		if len(tracker.Matches) != 1 || len(term.MessageRefs) != 10_000 || len(term.InsightRefs) != 40_000 {
			t.Fatalf("tracker %d has %d messages and %d insights, want 10,000 and 40,000", n, len(term.MessageRefs), len(term.InsightRefs))
		}
		last := slices.Repeat([]insightOf{{}}, 4)
		for i := range last {
			last[i] = insightOf{ID: fmt.Sprint(about*(size-10_000) + i), Type: "question", Text: "Message"}
		}
		if !slices.Equal(term.InsightRefs[len(term.InsightRefs)-4:], last) || term.MessageRefs[9_999].ID != "9999" {
			t.Errorf("tracker %d ends with %+v and %+v, want message 9999 and its insights", n, term.MessageRefs[9_999], term.InsightRefs[len(term.InsightRefs)-4:])
		}
	}
}
