package tracking

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

// newTeacher returns one that knows three intents and has learnt something.
func newTeacher(t *testing.T) *trainer {
	t.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	m := &Model{lex: lex}
	var teach trainer
	for _, texts := range [][]string{
		{"what does it cost", "the price please", "how much is the ticket", "tell me the fare", "is it expensive", "price of a room"},
		{"cancel my order", "stop the delivery", "I no longer want it", "please cancel everything", "undo my purchase", "end the subscription"},
		{"will it rain", "weather in Rome", "how hot is it today", "do I need an umbrella", "forecast for Friday", "is there snow"},
	} {
		var pool []utterance
		for _, text := range texts {
			pool = append(pool, m.utterance(text))
		}
		teach.pool = append(teach.pool, pool)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range teach.parameters.projection {
		for j := range teach.parameters.projection[i] {
			teach.parameters.projection[i][j] = random.NormFloat64() / 8
		}
	}
	for j := range teach.parameters.emphasis {
		teach.parameters.emphasis[j] = random.NormFloat64()
	}
	return &teach
}

// deal makes the next round draw the same as every other time.
func (t *trainer) deal() { t.random = rand.New(rand.NewPCG(7, 7)) }

// loss is what a round goes down the slope of.
func (t *trainer) loss() (loss float64) {
	t.deal()
	var asked, answers []*projected
	for _, pool := range t.pool {
		drawn, answer := t.random.Perm(len(pool)), new(projected)
		asked = append(asked, t.project(pool[drawn[0]]))
		for _, n := range drawn[1:][:terms] {
			for d, x := range t.project(pool[n]).at {
				answer.at[d] += x
			}
		}
		answer.normalize()
		answers = append(answers, answer)
	}
	for i, question := range asked {
		right, total := 0.0, 0.0
		for n, answer := range answers {
			cosine := 0.0
			for d, x := range question.at {
				cosine += x * answer.at[d]
			}
			chance := math.Exp(cosine / temperature)
			total += chance
			if n == i {
				right = chance
			}
		}
		loss -= math.Log(right/total) / float64(len(asked))
	}
	return loss
}

// TestSlope compares the slope of a round with how the loss changes.
func TestSlope(t *testing.T) {
	t.Parallel()

	teach := newTeacher(t)
	teach.deal()
	teach.round()
	steepest := 0.0
	check := func(name string, x *float64, slope float64) {
		const far = 1e-5
		was := *x
		*x = was + far
		after := teach.loss()
		*x = was - far
		before := teach.loss()
		*x = was
		if got := (after - before) / (2 * far); math.Abs(got-slope) > 1e-6+1e-4*math.Abs(got) {
			t.Errorf("slope along %s is %.8f, want %.8f", name, slope, got)
		}
		steepest = max(steepest, math.Abs(slope))
	}
	for j := 0; j < lexicon.Dims; j += 17 {
		check("the accent", &teach.parameters.emphasis[j], teach.slope.emphasis[j])
		for i := 0; i < dims; i += 13 {
			check("the projection", &teach.parameters.projection[i][j], teach.slope.projection[i][j])
		}
	}
	if steepest < 1e-3 {
		t.Errorf("the steepest slope is %v, too flat to tell", steepest)
	}
}

func TestStepGoesDown(t *testing.T) {
	t.Parallel()

	teach := newTeacher(t)
	before := teach.loss()
	for round := range 20 {
		teach.deal()
		teach.slope = parameters{}
		teach.round()
		teach.step(round+1, 1)
	}
	if after := teach.loss(); after > before/2 {
		t.Errorf("the loss went from %.4f to %.4f, want less than half", before, after)
	}
}
