package intents

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/tracking"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

const (
	terms = 5 // utterances that an intent is tracked by
	draws = 3 // of these, of which the mean is taken
)

// A Cut is what passes a threshold.
type Cut struct {
	Least             float64
	Precision, Recall float64
}

// Figures are what was measured, over all pairs of an utterance and a tracker.
type Figures struct {
	AveragePrecision float64
	Cuts             [3]Cut
}

// thresholds are where precision and recall are measured.
func thresholds() [3]Cut { return [3]Cut{{Least: 0.3}, {Least: 0.5}, {Least: 0.7}} }

// Rounds is how many it takes to learn from 120 intents.
const Rounds = 400

// Train makes a model from a set, without the utterances that are for tests.
func Train(lex *lexicon.Lexicon, s Set, rounds int) *tracking.Model {
	learn := make([]tracking.Intent, len(s.Intents))
	for i, intent := range s.Intents {
		learn[i] = tracking.Intent{Learn: intent.Learn, Check: intent.Check}
	}
	return tracking.Learn(lex, learn, s.Other.Check, rounds)
}

// Validate returns the mean of what models do that each leave a part of the
// set out, on that part. It is for choosing how to learn.
func Validate(lex *lexicon.Lexicon, s Set, rounds int) Figures {
	var all []Figures
	for part := range Parts {
		held, rest := s.Split(part)
		all = append(all, Measure(Train(lex, rest, rounds), held, rest))
	}
	return Mean(all)
}

// Measure makes trackers of the intents that are held out, each of five random
// utterances, and tries the test utterances of held and rest on them. It
// returns the mean of three such draws.
func Measure(m *tracking.Model, held, rest Set) Figures {
	var all []Figures
	for draw := range uint64(draws) {
		matcher := m.Compile(trackers(held.Intents, draw))
		all = append(all, measure(matcher, held, rest))
	}
	return Mean(all)
}

func trackers(held []Intent, draw uint64) []tracking.Tracker {
	random := rand.New(rand.NewPCG(draw, 4))
	all := make([]tracking.Tracker, len(held))
	for i, intent := range held {
		for _, n := range random.Perm(len(intent.Learn))[:terms] {
			all[i].Vocabulary = append(all[i].Vocabulary, intent.Learn[n])
		}
	}
	return all
}

func measure(matcher *tracking.Matcher, held, rest Set) Figures {
	var scores []score
	try := func(texts []string, tracker int) {
		for _, text := range texts {
			for _, found := range matcher.Find(nil, words.Split(nil, text), 0) {
				scores = append(scores, score{found.Score, found.Tracker == tracker})
			}
		}
	}
	given := 0
	for i, intent := range held.Intents {
		try(intent.Test, i)
		given += len(intent.Test)
	}
	const stranger = -1
	for _, intent := range rest.Intents {
		try(intent.Test, stranger)
	}
	try(held.Other.Test, stranger)
	return figures(scores, given)
}

// A score is one that was given, and whether it should have been.
type score struct {
	value float64
	right bool
}

// figures measures scores, of which as many as given should be right. Pairs
// that have no score count as missed.
func figures(scores []score, given int) Figures {
	slices.SortFunc(scores, func(a, b score) int { return cmp.Compare(b.value, a.value) })
	f := Figures{Cuts: thresholds()}
	right := 0
	for i, s := range scores {
		if s.right {
			right++
			f.AveragePrecision += float64(right) / float64(i+1) / float64(given)
		}
		for n := range f.Cuts {
			if c := &f.Cuts[n]; s.value >= c.Least {
				c.Precision, c.Recall = float64(right)/float64(i+1), float64(right)/float64(given)
			}
		}
	}
	return f
}

// Mean returns the mean of figures.
func Mean(all []Figures) Figures {
	mean := Figures{Cuts: thresholds()}
	for _, f := range all {
		mean.AveragePrecision += f.AveragePrecision / float64(len(all))
		for n, c := range f.Cuts {
			mean.Cuts[n].Precision += c.Precision / float64(len(all))
			mean.Cuts[n].Recall += c.Recall / float64(len(all))
		}
	}
	return mean
}
