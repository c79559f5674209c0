package httpapi

import "context"

// A topicView is a topic, or an abstract one, which has no parents.
type topicView struct {
	ID         string     `json:"id"`
	Text       string     `json:"text"`
	Type       string     `json:"type"`
	Score      float64    `json:"score"`
	MessageIDs []string   `json:"messageIds"`
	ParentRefs []struct{} `json:"parentRefs,omitzero"`
}

// topics serves GET /v1/conversations/{id}/topics. Topics are kept as they were
// found, so a refresh finds the same, and none has a parent or a sentiment.
func (a *API) topics(ctx context.Context, x *exchange) (any, error) {
	if _, err := x.flags("sentiment", "parentRefs", "refresh"); err != nil {
		return nil, err
	}
	f, err := a.findings(ctx, x, "topic")
	views := f.topics()
	for i := range views {
		views[i].ParentRefs = []struct{}{}
	}
	return struct {
		Topics []topicView `json:"topics"`
	}{views}, err
}

// abstractTopics serves GET /v1/conversations/{id}/abstract-topics.
func (a *API) abstractTopics(ctx context.Context, x *exchange) (any, error) {
	f, err := a.findings(ctx, x, "abstract_topic")
	return struct {
		AbstractTopics []topicView `json:"abstractTopics"`
	}{f.topics()}, err
}

func (f findings) topics() []topicView {
	views := make([]topicView, len(f.insights))
	for i, in := range f.insights {
		views[i] = topicView{ID: in.ID, Text: in.Text, Type: in.Type, Score: in.Score, MessageIDs: in.MessageIDs}
	}
	return views
}
