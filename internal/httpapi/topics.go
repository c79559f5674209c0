package httpapi

import (
	"context"
	"fmt"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/digest"
)

// maxVocabulary is how many topics a request may name.
const maxVocabulary = 100

// A topicView is a topic, or an abstract one, which has no parents.
type topicView struct {
	ID         string         `json:"id"`
	Text       string         `json:"text"`
	Type       string         `json:"type"`
	Score      float64        `json:"score"`
	MessageIDs []string       `json:"messageIds"`
	Sentiment  *sentimentView `json:"sentiment,omitzero"`
	ParentRefs []parentView   `json:"parentRefs,omitzero"`
}

type parentView struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// topics serves GET /v1/conversations/{id}/topics. They are computed when the
// conversation has changed, so there is nothing for refresh to do.
func (a *API) topics(ctx context.Context, x *exchange) (any, error) {
	flags, err := x.flags("sentiment", "parentRefs", "refresh")
	if err != nil {
		return nil, err
	}
	vocabulary, err := x.vocabulary()
	if err != nil {
		return nil, err
	}
	c, err := a.find(ctx, x)
	if err != nil {
		return nil, err
	}
	if byModel, _ := a.deps.Digests.UsesModels(); !byModel {
		if err := x.fresh(c); err != nil {
			return nil, err
		}
	}
	if known, ok := a.again(x, c); ok {
		return known, nil
	}
	found, err := a.deps.Digests.Topics(x.lasting, x.account.ID, c, vocabulary)
	if err != nil {
		return nil, err
	}
	if found.Interim {
		x.keep = nil
	}
	views := make([]topicView, len(found.All))
	for i, t := range found.All {
		views[i] = topicViewOf(t, flags)
	}
	return struct {
		Topics []topicView `json:"topics"`
	}{views}, nil
}

func topicViewOf(t digest.Topic, flags map[string]bool) topicView {
	v := topicView{ID: t.ID, Text: t.Text, Type: "topic", Score: rounded(t.Score), MessageIDs: t.Messages, ParentRefs: []parentView{}}
	if flags["sentiment"] {
		v.Sentiment = sentimentOf(t.Sentiment)
	}
	if flags["parentRefs"] {
		for _, p := range t.Parents {
			v.ParentRefs = append(v.ParentRefs, parentView{"topic", p})
		}
	}
	return v
}

// vocabulary returns the topics that the request names, by commas or each by a
// parameter of its own, under either name. The documents have it as a boolean
// too, which names nothing.
func (x *exchange) vocabulary() ([]string, error) {
	query, err := queryOf(x.r.URL)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, name := range [...]string{"customTopicVocabulary", "customVocabulary"} {
		for word := range strings.SplitSeq(strings.Join(query[name], ","), ",") {
			word = strings.TrimSpace(word)
			if word == "" || strings.EqualFold(word, "true") || strings.EqualFold(word, "false") {
				continue
			}
			if err := within(word, maxTerm); err != nil {
				return nil, invalid(name, err)
			}
			if len(all) == maxVocabulary {
				return nil, invalid(name, badValue(fmt.Sprintf("must name at most %d topics", maxVocabulary)))
			}
			all = append(all, word)
		}
	}
	return all, nil
}

// abstractTopics serves GET /v1/conversations/{id}/abstract-topics: themes that
// nobody named, which nothing finds.
func (a *API) abstractTopics(ctx context.Context, x *exchange) (any, error) {
	c, err := a.find(ctx, x)
	if err != nil {
		return nil, err
	}
	x.tag(c)
	return struct {
		AbstractTopics []topicView `json:"abstractTopics"`
	}{}, nil
}
