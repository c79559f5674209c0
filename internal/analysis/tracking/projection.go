package tracking

import (
	"math"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// An utterance is what a trainer learns from: its words that have a vector.
type utterance []vectorWord

// A vectorWord is a word of an utterance.
type vectorWord struct {
	vector [lexicon.Dims]float64 // of length 1
	pull   float64               // how long the vector is, times the word's rarity
}

// utterance returns the utterance of a text.
func (m *Model) utterance(text string) utterance {
	var u utterance
	for _, w := range m.parse(nil, words.Split(nil, text)) {
		if w.vector == nil {
			continue
		}
		var s vectorWord
		length := size(w.vector)
		for i, x := range w.vector {
			s.vector[i] = float64(x) / length
		}
		s.pull = length * float64(w.rarity)
		u = append(u, s)
	}
	return u
}

// A projected is what the projection makes of something: of length 1, how long it
// was before that, and the slope of the loss along it.
type projected struct {
	utterance utterance
	emphases  []float64 // by word
	sum       [lexicon.Dims]float64
	at, slope [dims]float64
	length    float64
}

// project returns the projection of an utterance.
func (t *trainer) project(u utterance) *projected {
	s := &projected{utterance: u, emphases: make([]float64, len(u))}
	for k := range u {
		z := 0.0
		for i, x := range u[k].vector {
			z += x * t.parameters.emphasis[i]
		}
		s.emphases[k] = emphasis(z)
		for i, x := range u[k].vector {
			s.sum[i] += s.emphases[k] * u[k].pull * x
		}
	}
	for i := range t.parameters.projection {
		for j, weight := range t.parameters.projection[i] {
			s.at[i] += weight * s.sum[j]
		}
	}
	s.normalize()
	return s
}

func (s *projected) normalize() {
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
func (s *projected) before() (to [dims]float64) {
	along := 0.0
	for i := range s.at {
		along += s.slope[i] * s.at[i]
	}
	for i := range to {
		to[i] = (s.slope[i] - along*s.at[i]) / s.length
	}
	return to
}

// addGradient adds what the slope along a projection says about projection and emphasis.
func (t *trainer) addGradient(s *projected) {
	var sum [lexicon.Dims]float64 // the slope along s.sum
	for i, slope := range s.before() {
		for j := range sum {
			t.slope.projection[i][j] += slope * s.sum[j]
			sum[j] += slope * t.parameters.projection[i][j]
		}
	}
	for k := range s.utterance {
		along := 0.0
		for i, x := range s.utterance[k].vector {
			along += x * sum[i]
		}
		along *= s.utterance[k].pull * s.emphases[k] * (1 - s.emphases[k]/2) // the slope of emphasis
		for i, x := range s.utterance[k].vector {
			t.slope.emphasis[i] += along * x
		}
	}
}
