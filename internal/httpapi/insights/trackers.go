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
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Matches []matchView `json:"matches"`
}

// A matchView is a term of a tracker with the occurrences of it, or of something
// similar.
type matchView struct {
	Type        string           `json:"type"`
	Value       string           `json:"value"`
	MessageRefs []occurrenceView `json:"messageRefs"`
	InsightRefs []insightRefView `json:"insightRefs"`
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
	c, err := h.Conversations.Revalidated(ctx, x)
	if err != nil {
		return nil, err
	}
	return h.trackersOf(x, c)
}

// trackers serves GET /v1/conversations/{id}/trackers, the same. With strict types it
// is the first tracker alone, or {}, which is what Symbl's Go SDK decodes.
func (h *handlers) trackers(ctx context.Context, x *edge.Exchange) (any, error) {
	c, err := h.Conversations.Revalidated(ctx, x)
	if err != nil {
		return nil, err
	}
	all, err := h.trackersOf(x, c)
	switch {
	case err != nil || !x.Account.StrictTypes:
		return all, err
	case len(all) == 0:
		return struct{}{}, nil
	default:
		return all[0], nil
	}
}

func (h *handlers) trackersOf(x *edge.Exchange, c conversation.Conversation) ([]trackerView, error) {
	return shared(h, x, c, "trackers", func(ctx context.Context) ([]trackerView, int, error) {
		list := trackerList{views: []trackerView{}, trackers: map[string]int{}, terms: map[termKey]int{}}
		byMessage, err := h.insightsOfMatches(ctx, x, c)
		if err != nil || len(byMessage) == 0 {
			return list.views, 0, err
		}
		err = h.eachMessage(ctx, x, c, func(m conversation.Message) bool { return list.addMessage(m, byMessage[m.ID]) })
		return list.views, list.bytes, err
	})
}

// insightsOfMatches returns the insights about each message in which a tracker was
// matched. Of other messages there is no entry.
func (h *handlers) insightsOfMatches(ctx context.Context, x *edge.Exchange, c conversation.Conversation) (map[string][]analysis.Insight, error) {
	byMessage := map[string][]analysis.Insight{}
	err := h.eachMessage(ctx, x, c, func(m conversation.Message) bool {
		if len(m.Matches) > 0 {
			byMessage[m.ID] = nil
		}
		return len(byMessage) < maxOccurrences
	})
	if err != nil || len(byMessage) == 0 {
		return nil, err
	}
	for in, err := range h.Conversations.Store.EachInsight(ctx, x.Account.ID, c.ID, 0) {
		if err != nil {
			return nil, err
		}
		for _, id := range in.MessageIDs {
			if of, ok := byMessage[id]; ok {
				byMessage[id] = append(of, in)
			}
		}
	}
	return byMessage, ctx.Err()
}

// addMessage adds the matches in a message, with the insights about it. It returns
// false if there is no room for more.
func (l *trackerList) addMessage(m conversation.Message, insights []analysis.Insight) bool {
	from, listed := sourceOf(m), map[termKey]bool{}
	about := insightSources(insights, m)
	for _, hit := range m.Matches {
		match, key := l.match(hit)
		var refs []insightSource
		if !listed[key] { // its insights are listed once, however often the term occurs
			refs = about
		}
		listed[key] = true
		if l.occurrences += 1 + len(refs); l.occurrences > maxOccurrences {
			return false
		}
		match.MessageRefs = append(match.MessageRefs, from.occurrence(hit.Offset))
		for i := range refs {
			match.InsightRefs = append(match.InsightRefs, refs[i].ref(hit))
		}
		l.bytes += (1 + len(refs)) * (perOccurrence + min(len(m.Text), maxQuote))
	}
	return true
}

// A trackerList has each tracker once, and of each tracker each term.
type trackerList struct {
	views       []trackerView
	occurrences int
	bytes       int // of the views, about

	trackers map[string]int  // in views
	terms    map[termKey]int // in the matches of their tracker
}

type termKey struct{ tracker, term string }

// match returns the match of a term, to which occurrences are added. It is valid until the
// next one is asked for.
func (l *trackerList) match(hit conversation.Match) (*matchView, termKey) {
	at, known := l.trackers[hit.Tracker]
	if !known {
		at = len(l.views)
		l.trackers[hit.Tracker] = at
		l.views = append(l.views, trackerView{ID: hit.Tracker, Name: hit.Name})
	}
	t, key := &l.views[at], termKey{hit.Tracker, hit.Term}
	term, known := l.terms[key]
	if !known {
		term = len(t.Matches)
		l.terms[key] = term
		t.Matches = append(t.Matches, matchView{
			Type: "vocabulary", Value: hit.Term, MessageRefs: []occurrenceView{}, InsightRefs: []insightRefView{},
		})
	}
	return &t.Matches[term], key
}

// An insightSource is an insight of a message of which occurrences are shown.
type insightSource struct {
	insight analysis.Insight
	quote   excerpt
	same    bool   // the text is that of the message, as it mostly is
	folded  string // the text in lower case, if it is another
}

func insightSources(insights []analysis.Insight, m conversation.Message) []insightSource {
	sources := make([]insightSource, len(insights))
	for i, in := range insights {
		sources[i] = insightSource{insight: in, quote: excerpt{text: in.Text}, same: in.Text == m.Text}
		if !sources[i].same {
			sources[i].folded = strings.ToLower(in.Text)
		}
	}
	return sources
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
