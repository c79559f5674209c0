package tracking

import (
	"math"
	"math/rand/v2"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

const (
	rounds      = 300   // one draw of all intents each
	rate        = 0.005 // of learning, at first
	temperature = 0.07  // of the choice among intents
)

// matrix is a projection that is being learned.
type matrix [dims][lexicon.Dims]float64

// A teacher learns a projection under which an utterance of an intent is nearer
// to the mean of others of it than to those of other intents. In every round it
// draws an utterance of every intent as a question and some as its vocabulary,
// and follows the gradient of the logarithm of the softmax of the cosines.
type teacher struct {
	random *rand.Rand
	pool   [][][lexicon.Dims]float64 // by intent: sums of word vectors, of length 1
	matrix matrix
	slope  matrix
	adam   [2]matrix // running means of slope and its square
}

// learnProjection sets the projection.
func (m *Model) learnProjection(intents []Intent, seed uint64) {
	t := teacher{random: rand.New(rand.NewPCG(seed, 3))}
	for i := range t.matrix {
		for j := range t.matrix[i] {
			t.matrix[i][j] = t.random.NormFloat64() / math.Sqrt(dims)
		}
	}
	for _, intent := range intents {
		var pool [][lexicon.Dims]float64
		for _, text := range intent.Learn {
			pool = append(pool, m.direction(text))
		}
		if len(pool) > terms {
			t.pool = append(t.pool, pool)
		}
	}
	for round := 1; round <= rounds; round++ {
		t.slope = matrix{}
		t.round()
		t.step(round)
	}
	for i := range t.matrix {
		for j, x := range t.matrix[i] {
			m.projection[i][j] = float32(x)
		}
	}
}

func (m *Model) direction(text string) (to [lexicon.Dims]float64) {
	total := sum(m.see(nil, words.Split(nil, text)))
	squares := 0.0
	for _, x := range total {
		squares += float64(x) * float64(x)
	}
	for i, x := range total {
		to[i] = float64(x) / math.Sqrt(max(squares, 1))
	}
	return to
}

// A shadow is what the projection makes of something: of length 1, how long it
// was before that, and the slope of the loss along it.
type shadow struct {
	at, slope [dims]float64
	length    float64
}

func (s *shadow) normalize() {
	squares := 0.0
	for _, x := range s.at {
		squares += x * x
	}
	s.length = math.Sqrt(squares) + 1e-9
	for i := range s.at {
		s.at[i] /= s.length
	}
}

// before returns the slope along what was there before normalization.
func (s *shadow) before() (to [dims]float64) {
	along := 0.0
	for i := range s.at {
		along += s.slope[i] * s.at[i]
	}
	for i := range to {
		to[i] = (s.slope[i] - along*s.at[i]) / s.length
	}
	return to
}

// round adds the slope of one draw.
func (t *teacher) round() {
	n := len(t.pool)
	drawn, parts := make([][terms + 1]int, n), make([][terms + 1]shadow, n)
	questions, answers := make([]*shadow, n), make([]*shadow, n)
	for i, pool := range t.pool {
		copy(drawn[i][:], t.random.Perm(len(pool)))
		answers[i] = new(shadow)
		for k := range parts[i] {
			parts[i][k] = t.project(&pool[drawn[i][k]])
			if k == 0 {
				questions[i] = &parts[i][0]
				continue
			}
			for d, x := range parts[i][k].at {
				answers[i].at[d] += x
			}
		}
		answers[i].normalize()
	}
	for i := range questions {
		ask(questions[i], answers, i)
	}
	for i, pool := range t.pool {
		mean := answers[i].before()
		for k := range parts[i] {
			if k > 0 {
				parts[i][k].slope = mean
			}
			t.credit(&parts[i][k], &pool[drawn[i][k]])
		}
	}
}

func (t *teacher) project(x *[lexicon.Dims]float64) (s shadow) {
	for i := range t.matrix {
		for j, weight := range t.matrix[i] {
			s.at[i] += weight * x[j]
		}
	}
	s.normalize()
	return s
}

// ask adds the slopes of one question, whose answer is the right one.
func ask(question *shadow, answers []*shadow, right int) {
	chances, total := make([]float64, len(answers)), 0.0
	for i, answer := range answers {
		cosine := 0.0
		for d, x := range question.at {
			cosine += x * answer.at[d]
		}
		chances[i] = math.Exp(cosine / temperature)
		total += chances[i]
	}
	for i, answer := range answers {
		by := chances[i] / total
		if i == right {
			by--
		}
		by /= temperature * float64(len(answers))
		for d := range question.at {
			question.slope[d] += by * answer.at[d]
			answer.slope[d] += by * question.at[d]
		}
	}
}

// credit adds to the slope of the matrix what an utterance contributes.
func (t *teacher) credit(s *shadow, x *[lexicon.Dims]float64) {
	for i, slope := range s.before() {
		for j := range x {
			t.slope[i][j] += slope * x[j]
		}
	}
}

// step goes down the slope, less and less far (Adam, after Kingma and Ba, 2015).
func (t *teacher) step(round int) {
	const first, second = 0.9, 0.999
	n := float64(round)
	far := rate * (1 - n/(rounds+1))
	for i := range t.matrix {
		for j, slope := range t.slope[i] {
			mean, square := &t.adam[0][i][j], &t.adam[1][i][j]
			*mean = first**mean + (1-first)*slope
			*square = second**square + (1-second)*slope*slope
			t.matrix[i][j] -= far * *mean / (1 - math.Pow(first, n)) / (math.Sqrt(*square/(1-math.Pow(second, n))) + 1e-8)
		}
	}
}
