package insights

import (
	"context"
	"fmt"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// maxVocabulary is how many topics a request may name.
const maxVocabulary = 100

// A topicView is a topic, or an abstract one, which has no parents.
type topicView struct {
	ID         string                   `json:"id"`
	Text       string                   `json:"text"`
	Type       string                   `json:"type"`
	Score      float64                  `json:"score"`
	MessageIDs []string                 `json:"messageIds"`
	Sentiment  *conversations.Sentiment `json:"sentiment,omitzero"`
	ParentRefs []parentView             `json:"parentRefs,omitzero"`
}

type parentView struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// topics serves GET /v1/conversations/{id}/topics. They are computed when the
// conversation has changed, so refresh has no effect.
func (h *handlers) topics(ctx context.Context, x *edge.Exchange) (any, error) {
	flags, err := input.Flags(x.Request.URL, "sentiment", "parentRefs", "refresh")
	if err != nil {
		return nil, err
	}
	vocabulary, err := vocabularyOf(x)
	if err != nil {
		return nil, err
	}
	c, err := h.Conversations.Find(ctx, x)
	if err != nil {
		return nil, err
	}
	if byModel, _ := h.Digests.UsesModels(); byModel {
		err = x.CheckMethod()
	} else {
		err = x.Revalidate(c.Version)
	}
	if err != nil {
		return nil, err
	}
	if known, ok := x.Cached(c.Version); ok {
		return known, nil
	}
	if err := x.Admit(edge.Reading); err != nil {
		return nil, err
	}
	found, err := h.Digests.Topics(x.Long(), x.Account.ID, c, vocabulary)
	if err != nil {
		return nil, err
	}
	if found.Interim {
		x.DoNotCache()
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
	v := topicView{ID: t.ID, Text: t.Text, Type: "topic", Score: conversations.Round(t.Score), MessageIDs: t.Messages, ParentRefs: []parentView{}}
	if flags["sentiment"] {
		v.Sentiment = conversations.SentimentOf(t.Sentiment)
	}
	if flags["parentRefs"] {
		for _, p := range t.Parents {
			v.ParentRefs = append(v.ParentRefs, parentView{"topic", p})
		}
	}
	return v
}

// vocabularyOf returns the topics that the request names, by commas or each by a
// parameter of its own, under either name. The documents also have it as a
// boolean, which is ignored.
func vocabularyOf(x *edge.Exchange) ([]string, error) {
	query, err := input.Query(x.Request.URL)
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
			if err := input.CheckLength(word, input.MaxTerm); err != nil {
				return nil, input.Invalid(name, err)
			}
			if len(all) == maxVocabulary {
				return nil, input.Invalid(name, input.BadValue(fmt.Sprintf("must name at most %d topics", maxVocabulary)))
			}
			all = append(all, word)
		}
	}
	return all, nil
}

// abstractTopics serves GET /v1/conversations/{id}/abstract-topics. They are not
// detected, so there are none.
func (h *handlers) abstractTopics(ctx context.Context, x *edge.Exchange) (any, error) {
	c, err := h.Conversations.Find(ctx, x)
	if err != nil {
		return nil, err
	}
	x.Tag(c.Version)
	return struct {
		AbstractTopics []topicView `json:"abstractTopics"`
	}{}, nil
}
