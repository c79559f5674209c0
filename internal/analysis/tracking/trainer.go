package tracking

import (
	"math"
	"math/rand/v2"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

const (
	rate         = 0.005 // of learning the projection, at first
	emphasisRate = 0.03  // of learning the emphasis, at first
	temperature  = 0.07  // of the choice among intents
)

// A parameters is a projection and an emphasis, or something for each number of them.
type parameters struct {
	projection [dims][lexicon.Dims]float64
	emphasis   [lexicon.Dims]float64
}

// A trainer learns a projection and an emphasis with which an utterance of an
// intent is more similar to the mean of others of it than to those of other intents.
// In every round it draws an utterance of every intent as a question and some
// as its vocabulary, and follows the gradient of the logarithm of the softmax of
// the cosines.
type trainer struct {
	random     *rand.Rand
	pool       [][]utterance // by intent
	parameters parameters
	slope      parameters
	mean       parameters // of slopes, the later the more
	square     parameters // of slopes, likewise
}

// learn sets the projection and the emphasis. A round is one draw of all intents.
func (m *Model) learn(intents []Intent, rounds int, seed uint64) {
	t := trainer{random: rand.New(rand.NewPCG(seed, 3))}
	for i := range t.parameters.projection {
		for j := range t.parameters.projection[i] {
			t.parameters.projection[i][j] = t.random.NormFloat64() / math.Sqrt(dims)
		}
	}
	for _, intent := range intents {
		var pool []utterance
		for _, text := range intent.Learn {
			pool = append(pool, m.utterance(text))
		}
		if len(pool) > terms {
			t.pool = append(t.pool, pool)
		}
	}
	for round := 1; round <= rounds; round++ {
		t.slope = parameters{}
		t.round()
		t.step(round, 1-float64(round)/float64(rounds+1))
	}
	for i, row := range t.parameters.projection {
		for j, x := range row {
			m.projection[i][j] = float32(x)
		}
	}
	for j, x := range t.parameters.emphasis {
		m.emphasis[j] = float32(x)
	}
	m.weigh()
}

// round adds up the slope of one draw.
func (t *trainer) round() {
	n := len(t.pool)
	asked, answers := make([]*projected, n), make([]*projected, n)
	vocabulary := make([][terms]*projected, n)
	for i, pool := range t.pool {
		drawn := t.random.Perm(len(pool))
		asked[i], answers[i] = t.project(pool[drawn[0]]), new(projected)
		for k := range vocabulary[i] {
			part := t.project(pool[drawn[k+1]])
			for d, x := range part.at {
				answers[i].at[d] += x
			}
			vocabulary[i][k] = part
		}
		answers[i].normalize()
	}
	for i := range asked {
		addSlopes(asked[i], answers, i)
	}
	for i := range asked {
		t.addGradient(asked[i])
		mean := answers[i].before()
		for _, part := range vocabulary[i] {
			part.slope = mean
			t.addGradient(part)
		}
	}
}

// addSlopes adds the slopes of one question, whose answer is the right one.
func addSlopes(question *projected, answers []*projected, right int) {
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

// step goes down the slope, the less far the less is left of the rounds.
func (t *trainer) step(round int, left float64) {
	for i := range t.parameters.projection {
		descend(&t.parameters.projection[i], &t.slope.projection[i], &t.mean.projection[i], &t.square.projection[i], rate*left, round)
	}
	descend(&t.parameters.emphasis, &t.slope.emphasis, &t.mean.emphasis, &t.square.emphasis, emphasisRate*left, round)
}

// descend takes one step down a slope (Adam, after Kingma and Ba, 2015).
func descend(x, slope, mean, square *[lexicon.Dims]float64, far float64, round int) {
	const first, second = 0.9, 0.999
	n := float64(round)
	for j, s := range slope {
		mean[j] = first*mean[j] + (1-first)*s
		square[j] = second*square[j] + (1-second)*s*s
		x[j] -= far * mean[j] / (1 - math.Pow(first, n)) / (math.Sqrt(square[j]/(1-math.Pow(second, n))) + 1e-8)
	}
}
