package todo

import (
	_ "embed" // the weights
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/weights"
)

//go:embed data/weights.gz
var packed []byte

// headSize is how many bytes stand before the weights: of each head the bias and the grain.
const headSize = heads * 8

// New returns the model of the binary.
func New(lex *lexicon.Lexicon) (*Model, error) { return Unpack(lex, packed) }

// Pack returns the model as the binary carries it: of each head the bias and the grain, then
// of each slot the weights of all heads; compressed.
func (m *Model) Pack() []byte {
	all := make([]byte, 0, headSize+len(m.weights))
	for h := range heads {
		all = binary.LittleEndian.AppendUint32(all, math.Float32bits(m.bias[h]))
		all = binary.LittleEndian.AppendUint32(all, math.Float32bits(m.grain[h]))
	}
	for _, w := range m.weights {
		all = append(all, byte(w))
	}
	return weights.Pack(all)
}

// Unpack undoes [Model.Pack].
func Unpack(lex *lexicon.Lexicon, packed []byte) (*Model, error) {
	all, err := weights.Unpack(packed, headSize+slots*heads)
	if err != nil {
		return nil, fmt.Errorf("unpack the weights of todo: %w", err)
	}
	if len(all) != headSize+slots*heads {
		return nil, errors.New("unpack the weights of todo: another size than this program's; make them anew with todo/train")
	}
	m := newModel(lex)
	for h := range heads {
		m.bias[h] = math.Float32frombits(binary.LittleEndian.Uint32(all[h*8:]))
		m.grain[h] = math.Float32frombits(binary.LittleEndian.Uint32(all[h*8+4:]))
	}
	m.weights = make([]int8, slots*heads)
	for i, w := range all[headSize:] {
		m.weights[i] = int8(w)
	}
	return m, nil
}
