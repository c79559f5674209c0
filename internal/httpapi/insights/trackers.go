package insights

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

type trackerView struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Matches list[matchView] `json:"matches"`
}

// A matchView is a term of a tracker with the occurrences of it, or of something
// similar.
type matchView struct {
	Type        string               `json:"type"`
	Value       string               `json:"value"`
	MessageRefs list[occurrenceView] `json:"messageRefs"`
	InsightRefs list[insightRefView] `json:"insightRefs"`
}

type insightRefView struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Text   string `json:"text"`
	Offset int    `json:"offset"`
}

// trackersDetected serves GET /v1/conversations/{id}/trackers-detected: the trackers that were matched, in the order of their first match.
// The answer is an array, unlike all other lists.
func (h *handlers) trackersDetected(ctx context.Context, x *edge.Exchange) (any, error) {
	all, err := h.trackersOf(ctx, x)
	if err != nil {
		return nil, err
	}
	return all, nil
}

// trackers serves GET /v1/conversations/{id}/trackers, the same. With strict types it
// is the first tracker alone, or {}, which is what Symbl's Go SDK decodes.
func (h *handlers) trackers(ctx context.Context, x *edge.Exchange) (any, error) {
	all, err := h.trackersOf(ctx, x)
	switch {
	case err != nil:
		return nil, err
	case !x.Account.StrictTypes:
		return all, nil
	}
	for first, err := range all.items() {
		return first, err
	}
	return struct{}{}, nil
}

func (h *handlers) trackersOf(ctx context.Context, x *edge.Exchange) (all list[trackerView], err error) {
	c, err := h.Conversations.Revalidated(ctx, x)
	if err != nil {
		return all, err
	}
	found, err := shared(h, x, c, "trackers", func(ctx context.Context) (*foundTrackers, int, error) { return h.findTrackers(ctx, x, c) })
	if err != nil {
		return all, err
	}
	if found.views != nil {
		all.all = found.views
		return all, nil
	}
	s := trackerStream{h.Conversations.Store, x.Account.ID, c.ID, found}
	all.each = edge.InTurns(x, s.views(x.Reading()))
	return all, nil
}

// A trackerList has each tracker once, and of each tracker each term.
type trackerList struct {
	views []trackerView

	trackers map[string]int  // in views
	terms    map[termKey]int // in the matches of their tracker
}

func newTrackerList() *trackerList {
	return &trackerList{views: []trackerView{}, trackers: map[string]int{}, terms: map[termKey]int{}}
}

type termKey struct{ tracker, term string }

// match returns the match of a term, to which occurrences are added. It is valid until the
// next one is asked for.
func (l *trackerList) match(hit conversation.Match) *matchView {
	at, known := l.trackers[hit.Tracker]
	if !known {
		at = len(l.views)
		l.trackers[hit.Tracker] = at
		l.views = append(l.views, trackerView{ID: hit.Tracker, Name: hit.Name})
	}
	t, key := &l.views[at], termKey{hit.Tracker, hit.Term}
	term, known := l.terms[key]
	if !known {
		term = len(t.Matches.all)
		l.terms[key] = term
		t.Matches.all = append(t.Matches.all, matchViewOf(hit))
	}
	return &t.Matches.all[term]
}

func matchViewOf(hit conversation.Match) matchView {
	return matchView{Type: "vocabulary", Value: hit.Term}
}

// An insightSource is an insight of a message of which occurrences are shown.
type insightSource struct {
	insight analysis.Insight
	quote   excerpt
	same    bool   // the text is that of the message, as it mostly is
	folded  string // the text in lower case, if it is another
}

func insightSourceOf(in analysis.Insight, m conversation.Message) insightSource {
	s := insightSource{insight: in, quote: excerpt{text: in.Text}, same: in.Text == m.Text}
	if !s.same {
		s.folded = strings.ToLower(in.Text)
	}
	return s
}

func (s *insightSource) ref(hit conversation.Match) insightRefView {
	text, at := s.quote.around(s.offset(hit))
	return insightRefView{s.insight.ID, s.insight.Type, text, at}
}

// offset returns where the term of a match stands in the insight, in
// characters, or −1.
func (s *insightSource) offset(hit conversation.Match) int {
	if hit.Offset < 0 || s.same {
		return hit.Offset
	}
	at := strings.Index(s.folded, strings.ToLower(hit.Term))
	if at < 0 {
		return -1
	}
	return utf8.RuneCountInString(s.folded[:at])
}
