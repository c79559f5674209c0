package todo

import (
	"math"
	"math/rand/v2"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// An Example is a sentence with what it asks for.
type Example struct {
	Words   []words.Word
	Members *words.Names // of those who take part; may be nil
	Task    bool         // somebody is given something to do
	Talk    bool         // it is to communicate or to meet
	Weight  float64      // how much it counts
}

// How a model learns: AdaGrad with weights that decay. The figures were chosen by
// cross-validation over the conversations that rules are written by; they hardly matter.
const (
	rounds   = 12
	rate     = 0.1
	biasRate = 0.02
	decay    = 0.01
)

// Learn makes a model from examples, the same one from the same examples.
func Learn(lex *lexicon.Lexicon, all []Example) *Model {
	m := newModel(lex)
	m.weights = make([]int8, slots*heads)
	rows, b := make([][]uint32, len(all)), new(buffer)
	for i := range all {
		rows[i] = append([]uint32(nil), m.read(b, all[i].Words, all[i].Members)...)
	}
	for h := range heads {
		l := learner{weights: make([]float64, slots), squares: make([]float64, slots)}
		l.learn(all, rows, h)
		m.bias[h] = float32(l.bias)
		m.grain[h] = pack(m.weights[h:], l.weights)
	}
	return m
}

// pack writes weights as whole multiples of a grain, which it returns, at every place of one
// head.
func pack(to []int8, weights []float64) (grain float32) {
	most := 0.0
	for _, w := range weights {
		most = max(most, math.Abs(w))
	}
	most = max(most, 1e-6)
	for i, w := range weights {
		to[i*heads] = int8(math.Round(w / most * math.MaxInt8))
	}
	return float32(most / math.MaxInt8)
}

// A learner has the weights of one head while they are learned.
type learner struct {
	weights, squares []float64 // squares of what each weight was moved by
	bias             float64
}

func (l *learner) learn(all []Example, rows [][]uint32, head int) {
	random := rand.New(rand.NewPCG(1, 2))
	for range rounds {
		for _, i := range random.Perm(len(all)) {
			switch {
			case head == task:
				l.see(rows[i], all[i].Task, all[i].Weight)
			case all[i].Task:
				l.see(rows[i], all[i].Talk, all[i].Weight)
			}
		}
	}
}

// see moves the weights of one example towards its label.
func (l *learner) see(row []uint32, is bool, weight float64) {
	sum, want := l.bias, 0.0
	for _, at := range row {
		sum += l.weights[at]
	}
	if is {
		want = 1
	}
	off := weight * (logistic(sum) - want)
	l.bias -= biasRate * off
	for _, at := range row {
		step := off + decay*l.weights[at]
		l.squares[at] += step * step
		l.weights[at] -= rate * step / math.Sqrt(l.squares[at]+1)
	}
}
