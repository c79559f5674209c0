package tracking

import "github.com/turnwise/turnwise/internal/analysis/lexicon"

// A Model knows how alike texts are.
type Model struct {
	lex        *lexicon.Lexicon
	projection [dims][lexicon.Dims]float32
	emphasis   [lexicon.Dims]float32 // the direction in which words count the more
	likeness   signs                 // how much each sign weighs; none is negative
	bias       float64
	weights    []float32 // by rank: of words that have a vector; follows from the emphasis
}

// signs are what a similar match is scored by. None is more than 1.
type signs [signCount]float64

const (
	termCovered     = iota // share of the term that the sentence covers
	sentenceCovered        // share of the sentence that the vocabulary covers
	likeAll                // cosine of sentence and vocabulary
	signCount
)

// weigh sets the weights of words.
func (m *Model) weigh() {
	m.weights = nil
	for rank := 0; ; rank++ {
		vector := m.lex.Vector(lexicon.Word{Rank: rank})
		if vector == nil {
			return
		}
		along := float32(0)
		for i, x := range vector {
			along += m.emphasis[i] * float32(x)
		}
		m.weights = append(m.weights, rarity(rank)*float32(emphasis(float64(along)/size(vector))))
	}
}

// project returns the projection of a sum of word vectors.
func (m *Model) project(sum *[lexicon.Dims]float32) vector {
	var v vector
	for i := range v {
		row := &m.projection[i]
		var a, b, c, d float32 // four sums, so that one need not wait for the other
		for j := 0; j < lexicon.Dims; j += 4 {
			a += row[j] * sum[j]
			b += row[j+1] * sum[j+1]
			c += row[j+2] * sum[j+2]
			d += row[j+3] * sum[j+3]
		}
		v[i] = a + b + c + d
	}
	v.normalize()
	return v
}
