package todo

import (
	"math"
	"sync"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// slots is how many weights a head has. Features that share one hardly meet.
const slots = 1 << 18

// The heads of a model: what it tells.
const (
	task  = iota // whether there is something to do
	talk         // of what is to be done, whether it is to communicate or to meet
	heads        // how many there are
)

// A Model estimates what a sentence asks for.
type Model struct {
	lex     *lexicon.Lexicon
	weights []int8 // slots × heads
	grain   [heads]float32
	bias    [heads]float32
	buffers sync.Pool // of *buffer
}

type buffer struct {
	tokens   []token
	features []uint32
}

// An Estimate is what a model tells of a sentence, as probabilities.
type Estimate struct {
	Task float64 // that somebody is given something to do
	Talk float64 // that it is to communicate or to meet, if so
}

func newModel(lex *lexicon.Lexicon) *Model {
	m := &Model{lex: lex}
	m.buffers.New = func() any { return new(buffer) }
	return m
}

// Estimate estimates what a sentence asks for. Members are the names of those who take part; there
// may be none.
func (m *Model) Estimate(said []words.Word, members *words.Names) Estimate {
	b := m.buffers.Get().(*buffer)
	defer m.buffers.Put(b)
	var sum [heads]int
	for _, at := range m.read(b, said, members) {
		for h := range heads {
			sum[h] += int(m.weights[int(at)*heads+h])
		}
	}
	return Estimate{Task: m.probability(task, sum[task]), Talk: m.probability(talk, sum[talk])}
}

func (m *Model) probability(head, sum int) float64 {
	return logistic(float64(m.bias[head]) + float64(m.grain[head])*float64(sum))
}

// read returns the slots of the features of a sentence, which last as long as nothing else
// is read into the buffer.
func (m *Model) read(b *buffer, said []words.Word, members *words.Names) []uint32 {
	b.tokens = m.tokens(b.tokens[:0], said, members)
	isAsked := len(said) > 0 && said[len(said)-1].Text == "?"
	b.features = features(b.features[:0], b.tokens, isAsked)
	return b.features
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
