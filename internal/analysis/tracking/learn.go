package tracking

import (
	"math"
	"math/rand/v2"

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
// the kind. The same intents in the same order make the same model.
//
// The scorer must not learn from intents that the projection was made from,
// since these look better than any other will. So projections are made for it
// that each leave a fold of the intents out, and that fold is what it sees.
func Learn(lex *lexicon.Lexicon, intents []Intent, other []string) *Model {
	start := &Model{lex: lex, weights: signs{3, 3, 3, 7}, bias: -10}
	var trials [folds]trial
	for fold := range trials {
		var in, out []Intent
		for i, intent := range intents {
			if i%folds == fold {
				out = append(out, intent)
			} else {
				in = append(in, intent)
			}
		}
		m := *start
		m.learnProjection(in, uint64(fold))
		trials[fold] = newTrial(&m, out, in, other, uint64(fold))
	}
	m := *start
	for range 3 { // which term is the nearest depends on the weights
		var seen []example
		for fold := range trials {
			seen = trials[fold].run(seen, m.weights, m.bias)
		}
		m.fit(seen)
	}
	m.learnProjection(intents, folds)
	return &m
}

// A trial tries utterances of known intents on trackers.
type trial struct {
	matcher *Matcher
	tries   []try
}

// A try is an utterance and the tracker that it belongs to, none if to none.
type try struct {
	text   []words.Word
	intent int
}

// newTrial makes a tracker of every intent.
func newTrial(m *Model, intents, others []Intent, other []string, seed uint64) trial {
	random := rand.New(rand.NewPCG(seed, 2))
	var t trial
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

const none = -1

func (t *trial) add(texts []string, intent int) {
	for _, text := range texts {
		t.tries = append(t.tries, try{words.Split(nil, text), intent})
	}
}

// An example is how an utterance looked beside a tracker.
type example struct {
	signs signs
	right bool
}

// run appends to to what utterances look like beside all trackers with which
// they share a word.
func (t *trial) run(to []example, weights signs, bias float64) []example {
	m := t.matcher
	m.model.weights, m.model.bias = weights, bias
	r := m.newRoom()
	for _, try := range t.tries {
		m.cover(r, try.text)
		for _, side := range r.touched {
			v, _ := m.examine(r, side, math.Inf(-1))
			to = append(to, example{v.signs, int(side) == try.intent})
		}
		m.clear(r)
	}
	return to
}
