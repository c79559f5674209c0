package analyzer

import (
	_ "embed" // the background
	"math"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
)

// The similarity of two texts by their vectors differs with each
// model: to one, sentences without anything in common have a cosine of 0.1, to
// another of 0.7. So a cosine is measured in standard deviations above the mean of
// what the term has with sentences about nothing in particular.
//
// The score is the logistic of slope·(deviations−middle). Sentences that have
// nothing to do with a term are within 3 deviations, which scores 0.06; 5 score
// 0.5, and 7 score 0.94.
const (
	middle = 5
	slope  = 1.4

	// leastDeviation keeps a model that takes all texts for alike from
	// making much of rounding.
	leastDeviation = 0.005

	// cachedScales is of how many terms the scale is kept.
	cachedScales = 8192
)

//go:embed embeddings_background.txt
var background string

// backgroundTexts returns sentences about nothing in particular.
func backgroundTexts() []string { return strings.Split(strings.TrimSpace(background), "\n") }

// scoreOf returns the confidence, to three decimals, that a sentence means
// what a term does.
func scoreOf(deviations float64) float64 {
	return math.Round(1000/(1+math.Exp(-slope*(deviations-middle)))) / 1000
}

// A scale is what the cosines of a term with the background are like.
type scale struct{ mean, deviation float64 }

func newScale(term []float32, around [][]float32) scale {
	var s scale
	square := 0.0
	for _, v := range around {
		cosine := dot(term, v)
		s.mean += cosine / float64(len(around))
		square += cosine * cosine / float64(len(around))
	}
	s.deviation = max(leastDeviation, math.Sqrt(max(0, square-s.mean*s.mean)))
	return s
}

func (s scale) deviations(cosine float64) float64 { return (cosine - s.mean) / s.deviation }

// A backgroundVectors is the background as a model has it, with the scales of terms, which
// come with every job of an account.
type backgroundVectors struct {
	vectors [][]float32
	scales  *lru.Cache[string, scale]
}

func newBackgroundVectors(vectors [][]float32) *backgroundVectors {
	scales, err := lru.New[string, scale](cachedScales)
	if err != nil { // only for a size that is not positive
		panic(err)
	}
	return &backgroundVectors{vectors, scales}
}

// scalesOf returns the scales of terms with these vectors.
func (b *backgroundVectors) scalesOf(terms []term, vectors [][]float32) []scale {
	all := make([]scale, len(terms))
	for n, t := range terms {
		known, ok := b.scales.Get(t.text)
		if !ok {
			known = newScale(vectors[n], b.vectors)
			b.scales.Add(t.text, known)
		}
		all[n] = known
	}
	return all
}

// dot returns the cosine of two vectors of length 1.
func dot(a, b []float32) float64 {
	b = b[:len(a)]
	var w, x, y, z float32 // four sums, so that one need not wait for the other
	for len(a) >= 4 && len(b) >= 4 {
		w += a[0] * b[0]
		x += a[1] * b[1]
		y += a[2] * b[2]
		z += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i := range a {
		w += a[i] * b[i]
	}
	return float64(w+x) + float64(y+z)
}
