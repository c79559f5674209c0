package analyzer

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync/atomic"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/phrases"
	"github.com/turnwise/turnwise/internal/analysis/words"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

// An Embedder returns a vector of length 1 for what each text means, all of
// the same dimensions. They are not changed. It may keep them for their owner,
// which is an account, or nobody if it is empty.
type Embedder interface {
	EmbedFor(ctx context.Context, owner string, texts []string) ([][]float32, error)
}

// leastScore is the score below which nothing is a match, even for a job that
// wants all.
const leastScore = 0.05

// Embeddings is a [jobs.Analyzer] that takes the result of another analyzer and
// adds matches of trackers by what sentences mean, by the vectors of a model.
// It adds one where the tracker has no match in the sentence yet, and where
// nothing that the tracker excludes stands there or is nearer.
//
// If the model fails there are no such matches: a job never fails because of
// a model.
type Embeddings struct {
	next       jobs.Analyzer
	model      Embedder
	background atomic.Pointer[backgroundVectors] // nil before the first job
	log        *slog.Logger
}

// NewEmbeddings returns a Likeness over next.
func NewEmbeddings(next jobs.Analyzer, model Embedder, log *slog.Logger) *Embeddings {
	return &Embeddings{next: next, model: model, log: log}
}

// Analyze returns the errors of the analyzer below, and the error of ctx if
// that is done.
func (l *Embeddings) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	result, err := l.next.Analyze(ctx, t)
	if err != nil {
		return result, err
	}
	terms := termsOf(t.Input.Options.Trackers)
	sentences := len(result.Sentences)
	if sentences == 0 || len(terms) == 0 {
		return result, nil
	}
	log := l.log.With(slog.String("account", t.Account), slog.String("job", t.JobID))
	if sentences > maxSentences || sentences+len(terms) > maxTexts || sentences*len(terms) > maxPairs {
		log.LogAttrs(ctx, slog.LevelInfo, "job too large for embeddings", slog.Int("sentences", sentences), slog.Int("terms", len(terms)))
		return result, nil
	}
	seen, err := l.embed(ctx, t.Account, terms, result.Sentences)
	switch {
	case ctx.Err() != nil:
		return analysis.Result{}, ctx.Err()
	case err != nil:
		log.LogAttrs(ctx, slog.LevelWarn, "embeddings not used", slog.Any("err", err))
		return result, nil
	}
	seen.match(ctx, log, t.Input.Options, result.Sentences)
	result.Analyzers = append(result.Analyzers, "embeddings")
	return result, nil
}

// A term is a text that a tracker looks for, or that it excludes.
type term struct {
	tracker  int // which of the job's
	text     string
	excluded bool
}

// termsOf returns the terms of all trackers.
func termsOf(trackers []analysis.Tracker) []term {
	var all []term
	add := func(tracker int, texts []string, excluded bool) {
		for _, text := range texts {
			if strings.TrimSpace(text) != "" {
				all = append(all, term{tracker, text, excluded})
			}
		}
	}
	for i, t := range trackers {
		add(i, t.Vocabulary, false)
		add(i, t.ExcludeVocabulary, true)
	}
	return all
}

// A comparison is what a model tells of the terms and sentences of a job.
type comparison struct {
	terms         []term
	scales        []scale     // of the terms
	vectors       [][]float32 // of the terms
	sentences     [][]float32
	excludedTable *phrases.Table // of the texts of all terms that are excluded
	excluded      []int          // their numbers among the terms
}

// embed asks the model, once for everything.
func (l *Embeddings) embed(ctx context.Context, account string, terms []term, sentences []analysis.Sentence) (*comparison, error) {
	texts := make([]string, 0, len(terms)+len(sentences))
	s := &comparison{terms: terms}
	var excluded []string
	for n, t := range terms {
		texts = append(texts, t.text)
		if t.excluded {
			s.excluded = append(s.excluded, n)
			excluded = append(excluded, t.text)
		}
	}
	for _, sentence := range sentences {
		texts = append(texts, sentence.Text)
	}
	all, err := l.model.EmbedFor(ctx, account, texts)
	if err != nil {
		return nil, err
	}
	s.vectors, s.sentences = all[:len(terms)], all[len(terms):]
	behind, err := l.backgroundFor(ctx, len(all[0]))
	if err != nil {
		return nil, err
	}
	s.scales = behind.scalesOf(terms, s.vectors)
	s.excludedTable = phrases.New(excluded)
	return s, nil
}

// backgroundFor returns the background, in vectors of so many numbers. It is asked for
// once, and again should the model have been replaced by one with others.
func (l *Embeddings) backgroundFor(ctx context.Context, numbers int) (*backgroundVectors, error) {
	if known := l.background.Load(); known != nil && len(known.vectors[0]) == numbers {
		return known, nil
	}
	vectors, err := l.model.EmbedFor(ctx, "", backgroundTexts())
	if err != nil {
		return nil, err
	}
	if got := len(vectors[0]); got != numbers {
		return nil, fmt.Errorf("the model server's vectors have %d numbers and %d", numbers, got)
	}
	made := newBackgroundVectors(vectors)
	l.background.Store(made)
	return made, nil
}

// match adds similar matches to the sentences.
func (s *comparison) match(ctx context.Context, log *slog.Logger, o analysis.Options, sentences []analysis.Sentence) {
	least := defaultThreshold
	if o.ConfidenceThreshold != nil {
		least = *o.ConfidenceThreshold
	}
	best := make([]nearest, len(o.Trackers))
	left := analysis.MaxItems
	for _, sentence := range sentences {
		left -= len(sentence.Matches)
	}
	for i := range sentences {
		clear(best)
		s.markMatched(best, o.Trackers, &sentences[i])
		s.compare(best, s.sentences[i])
		for n, b := range best {
			score := scoreOf(b.deviations)
			if b.matched || b.excludedDeviations >= b.deviations || score < leastScore {
				continue
			}
			tracker := o.Trackers[n]
			log.LogAttrs(ctx, slog.LevelDebug, "tracker compared", slog.String("message", sentences[i].ID),
				slog.String("tracker", analysis.TrackerID(tracker)), slog.Float64("cosine", b.cosine),
				slog.Float64("deviations", b.deviations), slog.Float64("score", score), slog.Bool("match", score >= least))
			if score >= least && left > 0 && len(sentences[i].Matches) < analysis.MaxOfMessage {
				left--
				sentences[i].Matches = append(sentences[i].Matches, conversation.Match{
					Tracker: analysis.TrackerID(tracker), Name: tracker.Name, Term: s.terms[b.term].text, Offset: -1, Score: score,
				})
			}
		}
	}
}

// nearest is how near a sentence is to a tracker.
type nearest struct {
	matched            bool // it is matched already, or excluded
	term               int  // of its vocabulary
	cosine             float64
	deviations         float64
	excludedDeviations float64 // deviations of the nearest that is excluded
}

// markMatched marks the trackers that have a match in a sentence, or of which an
// excluded term stands there.
func (s *comparison) markMatched(best []nearest, trackers []analysis.Tracker, sentence *analysis.Sentence) {
	matched := make(map[string]bool, len(sentence.Matches))
	for _, m := range sentence.Matches {
		matched[m.Tracker] = true
	}
	for n, t := range trackers {
		best[n].matched = len(matched) > 0 && matched[analysis.TrackerID(t)]
	}
	if len(s.excluded) == 0 {
		return
	}
	for m := range s.excludedTable.All(words.Split(nil, sentence.Text)) {
		for _, n := range m.Phrases {
			best[s.terms[s.excluded[n]].tracker].matched = true
		}
	}
}

// compare finds the nearest term of each tracker that is not settled.
func (s *comparison) compare(best []nearest, sentence []float32) {
	for n := range best {
		best[n].deviations, best[n].excludedDeviations = math.Inf(-1), math.Inf(-1)
	}
	for n, t := range s.terms {
		b := &best[t.tracker]
		if b.matched {
			continue
		}
		cosine := dot(s.vectors[n], sentence)
		deviations := s.scales[n].deviations(cosine)
		switch {
		case t.excluded:
			b.excludedDeviations = max(b.excludedDeviations, deviations)
		case deviations > b.deviations:
			b.term, b.cosine, b.deviations = n, cosine, deviations
		}
	}
}
