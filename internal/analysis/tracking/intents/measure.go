package intents

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/tracking"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// vocabulary is how many utterances an intent is tracked by.
const vocabulary = 5

// Figures are what was measured, over all pairs of an utterance and a tracker.
type Figures struct {
	AveragePrecision  float64
	Precision, Recall float64 // of scores of 0.5 and more
}

// Train makes a model from the intents that a split does not hold out.
func (s Set) Train(lex *lexicon.Lexicon, split int) *tracking.Model {
	_, rest := s.Split(split)
	learn := make([]tracking.Intent, len(rest))
	for i, intent := range rest {
		learn[i] = tracking.Intent{Learn: intent.Learn, Check: intent.Check}
	}
	return tracking.Learn(lex, learn, s.Other.Check)
}

// Measure makes trackers of the intents that a split holds out, each of five
// utterances that the seed draws, and tries the test utterances of all intents
// and of none on them.
func (s Set) Measure(m *tracking.Model, split int, seed uint64) Figures {
	held, rest := s.Split(split)
	matcher := m.Compile(trackers(held, seed))
	var scores []score
	given := 0
	try := func(texts []string, tracker int) {
		for _, text := range texts {
			for _, found := range matcher.Find(nil, words.Split(nil, text), 0) {
				scores = append(scores, score{found.Score, found.Tracker == tracker})
			}
		}
	}
	for i, intent := range held {
		try(intent.Test, i)
		given += len(intent.Test)
	}
	for _, intent := range rest {
		try(intent.Test, -1)
	}
	try(s.Other.Test, -1)
	return figures(scores, given)
}

func trackers(held []Intent, seed uint64) []tracking.Tracker {
	random := rand.New(rand.NewPCG(seed, 4))
	all := make([]tracking.Tracker, len(held))
	for i, intent := range held {
		for _, n := range random.Perm(len(intent.Learn))[:vocabulary] {
			all[i].Vocabulary = append(all[i].Vocabulary, intent.Learn[n])
		}
	}
	return all
}

// A score is one that was given, and whether it should have been.
type score struct {
	value float64
	right bool
}

func figures(scores []score, given int) (f Figures) {
	slices.SortFunc(scores, func(a, b score) int { return cmp.Compare(b.value, a.value) })
	right := 0
	for i, s := range scores {
		if s.right {
			right++
			f.AveragePrecision += float64(right) / float64(i+1) / float64(given)
		}
		if s.value >= 0.5 {
			f.Precision, f.Recall = float64(right)/float64(i+1), float64(right)/float64(given)
		}
	}
	return f
}
