package tracking

import (
	_ "embed" // the model
	"encoding/binary"
	"fmt"
	"math"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

// dims is how many dimensions a projected vector has. With more of them the
// model gets no better, with fewer than 48 it gets worse.
const dims = 48

//go:embed data/model.bin
var packed []byte

// A vector is the meaning of a text as the model sees it, of length 1 or 0.
type vector [dims]float32

// signs are what a similar match is scored by.
type signs [signCount]float64

const (
	termCovered     = iota // share of the term that the sentence covers
	sentenceCovered        // share of the sentence that the vocabulary covers
	likeTerm               // cosine of sentence and term
	likeAll                // cosine of sentence and vocabulary
	signCount
)

// A Model knows how alike texts are.
type Model struct {
	lex        *lexicon.Lexicon
	projection [dims][lexicon.Dims]float32
	weights    signs
	bias       float64
}

// New returns the Model of the binary.
func New(lex *lexicon.Lexicon) (*Model, error) {
	return read(lex, packed)
}

const fileSize = 8*(signCount+1) + 4*dims*lexicon.Dims

// read undoes [Model.Pack].
func read(lex *lexicon.Lexicon, all []byte) (*Model, error) {
	if len(all) != fileSize {
		return nil, fmt.Errorf("read the tracking model: %d bytes, want %d", len(all), fileSize)
	}
	m := &Model{lex: lex}
	for i := range m.weights {
		m.weights[i] = math.Float64frombits(binary.LittleEndian.Uint64(all))
		all = all[8:]
	}
	m.bias = math.Float64frombits(binary.LittleEndian.Uint64(all))
	all = all[8:]
	for i := range m.projection {
		for j := range m.projection[i] {
			m.projection[i][j] = math.Float32frombits(binary.LittleEndian.Uint32(all))
			all = all[4:]
		}
	}
	return m, nil
}

// Pack returns the model as the binary carries it: weights, bias, projection.
func (m *Model) Pack() []byte {
	all := make([]byte, 0, fileSize)
	for _, w := range m.weights {
		all = binary.LittleEndian.AppendUint64(all, math.Float64bits(w))
	}
	all = binary.LittleEndian.AppendUint64(all, math.Float64bits(m.bias))
	for i := range m.projection {
		for _, x := range m.projection[i] {
			all = binary.LittleEndian.AppendUint32(all, math.Float32bits(x))
		}
	}
	return all
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

func (v *vector) normalize() {
	length := float32(math.Sqrt(v.dot(v)))
	if length == 0 {
		return
	}
	for i := range v {
		v[i] /= length
	}
}

func (v *vector) add(w *vector) {
	for i := range v {
		v[i] += w[i]
	}
}

func (v *vector) dot(w *vector) float64 {
	var a, b, c, d float32
	for i := 0; i < dims; i += 4 {
		a += v[i] * w[i]
		b += v[i+1] * w[i+1]
		c += v[i+2] * w[i+2]
		d += v[i+3] * w[i+3]
	}
	return float64(a + b + c + d)
}
