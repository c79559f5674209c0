package tracking

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// An Intent is given by utterances that mean the same: some for learning what
// it looks like, others for learning what a score is worth.
type Intent struct {
	Learn, Check []string
}

const (
	terms = 5 // of the vocabulary that an intent is tried with
	folds = 4 // of the intents; the scorer sees vectors of intents that the projection did not
)

// Learn makes a model from intents, and from utterances that mean nothing of
// the kind, in a number of rounds. The same makes the same model.
//
// The weights must not be learned on intents that the projection was made from,
// since these look better than any other will. So projections are made for them
// that each leave a fold of the intents out, and that fold is what they see.
func Learn(lex *lexicon.Lexicon, intents []Intent, other []string, rounds int) *Model {
	m := &Model{lex: lex}
	var seen []example
	for fold := range folds {
		var in, out []Intent
		for i, intent := range intents {
			if i%folds == fold {
				out = append(out, intent)
			} else {
				in = append(in, intent)
			}
		}
		m.learn(joined(in), rounds, uint64(fold))
		t := newEvaluation(m, out, in, other, uint64(fold))
		seen = t.run(seen)
	}
	m.fit(seen)
	m.learn(joined(intents), rounds, folds)
	return m
}

// joined makes all utterances of intents ones to learn from.
func joined(intents []Intent) []Intent {
	all := make([]Intent, len(intents))
	for i, intent := range intents {
		all[i].Learn = slices.Concat(intent.Learn, intent.Check)
	}
	return all
}

// An evaluation tries utterances of known intents on trackers.
type evaluation struct {
	matcher *Matcher
	samples []sample
}

// A sample is an utterance and the tracker that it belongs to, none if to none.
type sample struct {
	text   []words.Word
	intent int
}

// newEvaluation makes a tracker of every intent.
func newEvaluation(m *Model, intents, others []Intent, other []string, seed uint64) evaluation {
	random := rand.New(rand.NewPCG(seed, 2))
	var t evaluation
	trackers := make([]Tracker, len(intents))
	for i, intent := range intents {
		for _, n := range random.Perm(len(intent.Learn))[:min(terms, len(intent.Learn))] {
			trackers[i].Vocabulary = append(trackers[i].Vocabulary, intent.Learn[n])
		}
		t.add(intent.Check, i)
	}
	for _, intent := range others {
		t.add(intent.Check, none)
	}
	t.add(other, none)
	t.matcher = m.Compile(trackers)
	return t
}

func (t *evaluation) add(texts []string, intent int) {
	for _, text := range texts {
		t.samples = append(t.samples, sample{words.Split(nil, text), intent})
	}
}

// An example is how an utterance looked beside a tracker.
type example struct {
	signs signs
	right bool
}

// run appends to to what utterances look like beside all trackers with which
// they share a word.
func (t *evaluation) run(to []example) []example {
	r := t.matcher.Read(nil, Unlimited)
	defer r.Close()
	for _, try := range t.samples {
		r.read(try.text)
		for _, side := range r.sides() {
			v, _ := r.compare(side, math.Inf(-1))
			to = append(to, example{v.signs, int(side) == try.intent})
		}
		r.forget()
	}
	return to
}

// sides returns the groups that share a word with the sentence, as they come.
func (r *Reader) sides() (all []int32) {
	seen := map[int32]bool{}
	for _, n := range r.reach.near {
		for _, side := range r.at[n.word] {
			if !seen[side] {
				seen[side], all = true, append(all, side)
			}
		}
	}
	return all
}
