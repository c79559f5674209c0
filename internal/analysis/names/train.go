package names

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

// A Sentence is labelled text: its words, and the type of the name that each
// is part of, "" for none. Begins marks the first words of names.
type Sentence struct {
	Words  []string
	Types  []Type
	Begins []bool
}

// TrainOptions adjusts [Train].
type TrainOptions struct {
	Rounds  int     // over all sentences
	Members int     // models that are averaged, each over another order of the sentences
	Bits    uint32  // that number a feature, 1 to 24; what collides shares its weights
	Grain   float64 // root mean square of the weights when they are rounded to whole numbers up to 127
	Without Kinds   // of features
}

// An example is a sentence as the trainer needs it.
type example struct {
	features [][]uint32
	labels   []label
}

// Train makes a model from sentences. The same sentences and options make the
// same model.
func Train(lex *lexicon.Lexicon, sentences []Sentence, opts TrainOptions) *Model {
	t := NewWith(lex, &Model{bits: opts.Bits, without: opts.Without})
	examples := make([]example, len(sentences))
	for i, s := range sentences {
		examples[i] = t.example(s)
	}
	weights, steps := make([]float64, labels<<opts.Bits), [labels + 1][labels]float64{}
	for seed := range opts.Members {
		p := newPerceptron(len(weights))
		p.learn(examples, opts.Rounds, uint64(seed+1))
		p.average(weights, &steps)
	}
	m := quantize(weights, steps, opts.Grain)
	m.bits, m.without = opts.Bits, opts.Without
	m.unit /= float64(opts.Members)
	return m
}

func (t *Tagger) example(s Sentence) example {
	var r buffer
	for _, w := range s.Words {
		r.tokens = append(r.tokens, token{text: w})
	}
	t.fillViews(&r)
	e := example{labels: make([]label, len(s.Words))}
	for i, kind := range s.Types {
		e.features = append(e.features, append([]uint32(nil), r.describe(i)...))
		if kind == "" || address(s.Words[i]) {
			continue
		}
		e.labels[i] = label(2*slices.Index(types[:], kind) + 2)
		if s.Begins[i] || i == 0 || (e.labels[i-1]+1)/2 != (e.labels[i]+1)/2 {
			e.labels[i]-- // it begins here, or what it went on from is no name
		}
	}
	return e
}

// A perceptron learns from its mistakes: weights of what it should have
// answered go up, of what it answered down. What counts in the end is their
// average over all steps.
type perceptron struct {
	weights         []int32
	sums            []int64
	moves, moveSums [labels + 1][labels]int64
	step            int64
	current         transitions
	scores          [][labels]int32
	back            [][labels]label
	guess           []label
}

func newPerceptron(weights int) *perceptron {
	return &perceptron{weights: make([]int32, weights), sums: make([]int64, weights), step: 1}
}

func (p *perceptron) learn(examples []example, rounds int, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 1))
	order := random.Perm(len(examples))
	for range rounds {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			p.correct(examples[i])
			p.step++
		}
	}
}

// correct learns from one example.
func (p *perceptron) correct(e example) {
	p.scores, p.back = p.scores[:0], p.back[:0]
	for _, list := range e.features {
		var s [labels]int32
		for _, f := range list {
			for y := range s {
				s[y] += p.weights[int(f)*labels+y]
			}
		}
		p.scores, p.back = append(p.scores, s), append(p.back, [labels]label{})
	}
	p.guess = p.current.decode(p.scores, p.back, p.guess)
	before, guessed := label(labels), label(labels)
	for i, right := range e.labels {
		wrong := p.guess[i]
		if wrong != right {
			for _, f := range e.features[i] {
				p.change(int(f)*labels+int(right), 1)
				p.change(int(f)*labels+int(wrong), -1)
			}
		}
		if wrong != right || guessed != before {
			p.changeMove(before, right, 1)
			p.changeMove(guessed, wrong, -1)
		}
		before, guessed = right, wrong
	}
}

func (p *perceptron) change(at int, by int32) {
	p.weights[at] += by
	p.sums[at] += int64(by) * p.step
}

func (p *perceptron) changeMove(from, to label, by int64) {
	p.moves[from][to] += by
	p.moveSums[from][to] += by * p.step
	p.current[from][to] += int32(by)
}

// average adds the averages to what other perceptrons learned.
func (p *perceptron) average(weights []float64, steps *[labels + 1][labels]float64) {
	for i := range weights {
		weights[i] += float64(p.weights[i]) - float64(p.sums[i])/float64(p.step)
	}
	for from := range steps {
		for to := range steps[from] {
			steps[from][to] += float64(p.moves[from][to]) - float64(p.moveSums[from][to])/float64(p.step)
		}
	}
}

// quantize rounds weights to whole numbers of one byte. The few that are
// larger are cut off.
func quantize(weights []float64, steps [labels + 1][labels]float64, grain float64) *Model {
	var squares float64
	used := 0
	for _, w := range weights {
		if w != 0 {
			squares += float64(w * w) // not fused, so that all machines round alike
			used++
		}
	}
	scale := grain / math.Sqrt(squares/float64(max(used, 1)))
	m := &Model{weights: make([]int8, len(weights)), unit: 1 / (2 * scale)}
	for i, w := range weights {
		m.weights[i] = int8(math.Round(max(-127, min(127, w*scale))))
	}
	for from := range steps {
		for to := range steps[from] {
			m.transitions[from][to] = int32(math.Round(steps[from][to] * scale))
		}
	}
	return m
}
