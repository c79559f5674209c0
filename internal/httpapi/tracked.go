package httpapi

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

type trackedView struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Matches []matchView `json:"matches"`
}

// A matchView is a term of a tracker with the places where it stands, or
// something like it.
type matchView struct {
	Type        string           `json:"type"`
	Value       string           `json:"value"`
	MessageRefs []placeView      `json:"messageRefs"`
	InsightRefs []insightRefView `json:"insightRefs"`
}

type insightRefView struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Text   string `json:"text"`
	Offset int    `json:"offset"`
}

// trackersDetected serves GET /v1/conversations/{id}/trackers-detected and
// …/trackers: the trackers that were matched, in the order in which they
// were. The answer is an array, alone among all lists.
func (a *API) trackersDetected(ctx context.Context, x *exchange) (any, error) {
	c, stored, err := a.read(ctx, x)
	if err != nil {
		return nil, err
	}
	x.tag(c)
	views := []trackedView{}
	if !slices.ContainsFunc(stored, func(m conversation.Message) bool { return len(m.Matches) > 0 }) {
		return views, nil
	}
	insights, err := a.deps.Conversations.Insights(ctx, x.account.ID, c.ID)
	if err != nil {
		return nil, err
	}
	return trackedViews(stored, insights), nil
}

func trackedViews(messages []conversation.Message, insights []analysis.Insight) []trackedView {
	byMessage := map[string][]analysis.Insight{}
	for _, in := range insights {
		for _, id := range in.MessageIDs {
			byMessage[id] = append(byMessage[id], in)
		}
	}
	var views []trackedView
	trackers := map[string]int{}
	terms := map[[2]string]int{}
	for _, m := range messages {
		for _, hit := range m.Matches {
			at, known := trackers[hit.Tracker]
			if !known {
				at = len(views)
				trackers[hit.Tracker] = at
				views = append(views, trackedView{ID: hit.Tracker, Name: hit.Name})
			}
			t := &views[at]
			term, known := terms[[2]string{hit.Tracker, hit.Term}]
			if !known {
				term = len(t.Matches)
				terms[[2]string{hit.Tracker, hit.Term}] = term
				t.Matches = append(t.Matches, matchView{Type: "vocabulary", Value: hit.Term, InsightRefs: []insightRefView{}})
			}
			match := &t.Matches[term]
			match.MessageRefs = append(match.MessageRefs, placeOf(m, hit.Offset))
			for _, in := range byMessage[m.ID] {
				match.InsightRefs = append(match.InsightRefs, insightRefView{in.ID, in.Type, in.Text, offsetIn(in.Text, hit)})
			}
		}
	}
	return views
}

// offsetIn returns where the term of a literal match stands in the text of an
// insight, in characters, or −1.
func offsetIn(text string, hit conversation.Match) int {
	if hit.Offset < 0 {
		return -1
	}
	at := strings.Index(strings.ToLower(text), strings.ToLower(hit.Term))
	if at < 0 {
		return -1
	}
	return utf8.RuneCountInString(strings.ToLower(text)[:at])
}
