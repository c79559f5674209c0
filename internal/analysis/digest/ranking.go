package digest

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/summary"
	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/topics"
	"github.com/turnwise/turnwise/internal/analysis/words"
	"github.com/turnwise/turnwise/internal/conversation"
)

// An Embedder returns a vector of length 1 for each text. The caller does not
// change them.
type Embedder interface {
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

const (
	// candidateFactor is how many times as many topics are ranked as are returned.
	candidateFactor = 3
	// maxRepresentative is how many messages represent the conversation.
	maxRepresentative = 64
	// deviationWeight is by how much, in log odds, the score of a topic rises for
	// each standard deviation of similarity above the mean.
	deviationWeight = 0.5
	// maxDeviations bounds that.
	maxDeviations = 2
)

// A candidate may be returned as a topic.
type candidate struct {
	Topic

	fromVocabulary bool // it is returned in any case
}

// A topicDraft is the result without a model.
type topicDraft struct {
	topics         []Topic     // the best of the candidates
	candidates     []candidate // the best first
	limit          int         // of topics that are returned, besides those of the vocabulary
	representative []string    // texts of messages that represent the conversation
}

// draftTopics returns the topics of a conversation, and their size in bytes.
func (d *Cache) draftTopics(ctx context.Context, dictionary *terms.Dictionary, c conversation.Conversation, r *reading, vocabulary []string) (topicDraft, int, error) {
	opts := topics.Options{Vocabulary: vocabulary}
	if d.embedder != nil {
		opts.CandidateFactor = candidateFactor
	}
	for _, m := range c.Members {
		opts.Members = append(opts.Members, m.Name)
	}
	collection, picks := topics.Collect(dictionary, opts), summary.Collect(dictionary)
	var said []words.Word
	err := r.each(ctx, func(m conversation.Message) {
		said = words.Split(said[:0], m.Text)
		if d.embedder != nil {
			picks.Add(said)
		}
		t := topics.Message{ID: m.ID, Speaker: cmp.Or(c.Merged[m.Member], m.Member), Words: said}
		if m.Polarity != nil {
			t.Sentiment = *m.Polarity
		}
		for _, e := range m.Entities {
			if e.Type == "person" {
				t.People = append(t.People, e.Text)
			}
		}
		collection.Add(t)
	})
	if err != nil {
		return topicDraft{}, 0, err
	}
	draft := topicDraft{limit: topics.Size(r.count)}
	weight := 0
	for _, t := range collection.Topics() {
		draft.candidates = append(draft.candidates, candidate{fromVocabulary: t.FromVocabulary, Topic: Topic{
			ID:   conversation.MessageID(c.ID+"/topics/"+t.Key, 0),
			Text: t.Text, Score: t.Score, Messages: t.Messages, Sentiment: t.Sentiment, Parents: t.Parents,
		}})
		weight += perItem + len(t.Text) + perID*len(t.Messages)
	}
	draft.topics = selectTopics(draft.candidates, draft.limit)
	if d.embedder != nil {
		if draft.representative, err = representativeTexts(ctx, r, picks); err != nil {
			return topicDraft{}, 0, err
		}
		for _, text := range draft.representative {
			weight += perItem + len(text)
		}
	}
	return draft, weight, nil
}

// representativeTexts returns the texts of the most informative messages.
func representativeTexts(ctx context.Context, r *reading, picks *summary.Collection) (texts []string, err error) {
	chosen, err := r.at(ctx, picks.Pick(min(maxRepresentative, r.count)))
	for _, m := range chosen {
		if strings.TrimSpace(m.Text) != "" {
			texts = append(texts, strings.Clone(m.Text))
		}
	}
	return texts, err
}

// selectTopics returns the candidates of the vocabulary and the best of the
// others. Parents that are not among them are left out.
func selectTopics(candidates []candidate, most int) []Topic {
	found := make([]Topic, 0, len(candidates))
	texts := map[string]bool{}
	for _, c := range candidates {
		if !c.fromVocabulary {
			if most--; most < 0 {
				continue
			}
		}
		found = append(found, c.Topic)
		texts[c.Text] = true
	}
	for i := range found {
		found[i].Parents = slices.DeleteFunc(slices.Clone(found[i].Parents), func(text string) bool { return !texts[text] })
	}
	return found
}

// rankBySimilarity returns the topics of a draft, ranked by similarity to the
// conversation as a whole, and their size in bytes. Similarity is measured in
// standard deviations from the mean of all candidates, because models differ in
// scale. Topics of the vocabulary keep their scores.
func rankBySimilarity(ctx context.Context, e Embedder, draft topicDraft) (found Topics, weight int, err error) {
	texts := slices.Clone(draft.representative)
	for _, c := range draft.candidates {
		texts = append(texts, c.Text)
	}
	vectors, err := e.Embed(ctx, texts)
	if err != nil {
		return found, 0, err
	}
	near := deviations(similarities(vectors[:len(draft.representative)], vectors[len(draft.representative):]))
	weighed := slices.Clone(draft.candidates)
	for i := range weighed {
		if c := &weighed[i]; !c.fromVocabulary {
			c.Score = shifted(c.Score, deviationWeight*max(-maxDeviations, min(maxDeviations, near[i])))
		}
	}
	slices.SortStableFunc(weighed, func(a, b candidate) int { return cmp.Compare(b.Score, a.Score) })
	found.All = selectTopics(weighed, draft.limit)
	for _, t := range found.All {
		weight += perItem + len(t.Text) + perID*len(t.Messages)
	}
	return found, weight, nil
}

// similarities returns how similar each vector is to the sum of the centre.
func similarities(centre, vectors [][]float32) []float64 {
	sum := make([]float64, len(centre[0]))
	for _, v := range centre {
		for i, x := range v {
			sum[i] += float64(x)
		}
	}
	all := make([]float64, len(vectors))
	for n, v := range vectors {
		for i, x := range v {
			all[n] += float64(x) * sum[i]
		}
	}
	return all
}

// deviations returns by how many standard deviations each value is above the
// mean; 0 for all if they do not differ.
func deviations(values []float64) []float64 {
	mean, square := 0.0, 0.0
	for _, x := range values {
		mean += x / float64(len(values))
	}
	for _, x := range values {
		square += (x - mean) * (x - mean) / float64(len(values))
	}
	all := make([]float64, len(values))
	if deviation := math.Sqrt(square); deviation > 1e-6 {
		for i, x := range values {
			all[i] = (x - mean) / deviation
		}
	}
	return all
}

// shifted returns a score, raised in log odds.
func shifted(score, by float64) float64 { return score / (score + (1-score)*math.Exp(-by)) }
