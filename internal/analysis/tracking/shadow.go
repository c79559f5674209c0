package tracking

import (
	"math"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// An utterance is what a teacher learns from: its words that have a vector.
type utterance []sound

// A sound is a word of an utterance.
type sound struct {
	vector [lexicon.Dims]float64 // of length 1
	pull   float64               // how long the vector is, times the word's rarity
}

// hear returns the utterance of a text.
func (m *Model) hear(text string) utterance {
	var u utterance
	for _, w := range m.see(nil, words.Split(nil, text)) {
		if w.vector == nil {
			continue
		}
		var s sound
		length := size(w.vector)
		for i, x := range w.vector {
			s.vector[i] = float64(x) / length
		}
		s.pull = length * float64(w.rarity)
		u = append(u, s)
	}
	return u
}

// A shadow is what the projection makes of something: of length 1, how long it
// was before that, and the slope of the loss along it.
type shadow struct {
	of        utterance
	accents   []float64 // by sound
	sum       [lexicon.Dims]float64
	at, slope [dims]float64
	length    float64
}

// cast returns the shadow of an utterance.
func (t *teacher) cast(u utterance) *shadow {
	s := &shadow{of: u, accents: make([]float64, len(u))}
	for k := range u {
		z := 0.0
		for i, x := range u[k].vector {
			z += x * t.learnt.accent[i]
		}
		s.accents[k] = accent(z)
		for i, x := range u[k].vector {
			s.sum[i] += s.accents[k] * u[k].pull * x
		}
	}
	for i := range t.learnt.projection {
		for j, weight := range t.learnt.projection[i] {
			s.at[i] += weight * s.sum[j]
		}
	}
	s.normalize()
	return s
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

// credit adds what the slope along a shadow says about projection and accent.
func (t *teacher) credit(s *shadow) {
	var sum [lexicon.Dims]float64 // the slope along s.sum
	for i, slope := range s.before() {
		for j := range sum {
			t.slope.projection[i][j] += slope * s.sum[j]
			sum[j] += slope * t.learnt.projection[i][j]
		}
	}
	for k := range s.of {
		along := 0.0
		for i, x := range s.of[k].vector {
			along += x * sum[i]
		}
		along *= s.of[k].pull * s.accents[k] * (1 - s.accents[k]/2) // the slope of accent
		for i, x := range s.of[k].vector {
			t.slope.accent[i] += along * x
		}
	}
}
