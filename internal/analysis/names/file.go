package names

import (
	_ "embed" // the weights
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unsafe"

	"github.com/turnwise/turnwise/internal/analysis/weights"
)

//go:embed data/model.gz
var packed []byte

// ErrModel reports a model that is none, of another version of the program, or
// not whole.
var ErrModel = errors.New("not a model of names, make it anew with names/train")

// A file holds, compressed: the magic, the bits and the kinds without, the
// unit, the moves, the weights.
const (
	magic    = "names 2\n" // to be counted up when a feature or the form changes
	headSize = len(magic) + 4 + 4 + 8 + 4*(labels+1)*labels
	maxBits  = 24
)

// Unpack undoes [Model.Pack]. What is no model is an [ErrModel].
func Unpack(packed []byte) (*Model, error) {
	all, err := weights.Unpack(packed, headSize+labels<<maxBits)
	if err != nil {
		return nil, fmt.Errorf("unpack the names model: %w: %w", ErrModel, err)
	}
	return readModel(all)
}

func readModel(all []byte) (*Model, error) {
	if len(all) < headSize || string(all[:len(magic)]) != magic {
		return nil, fmt.Errorf("read the names model: %w: %d bytes that do not begin as one", ErrModel, len(all))
	}
	all = all[len(magic):]
	m := &Model{
		bits:    binary.LittleEndian.Uint32(all),
		without: Kinds(binary.LittleEndian.Uint32(all[4:])),
		unit:    math.Float64frombits(binary.LittleEndian.Uint64(all[8:])),
	}
	all = all[16:]
	for from := range m.transitions {
		for to := range m.transitions[from] {
			m.transitions[from][to] = int32(binary.LittleEndian.Uint32(all))
			all = all[4:]
		}
	}
	if m.bits < 1 || m.bits > maxBits || m.without >= endOfKinds || len(all) != labels<<m.bits || !(m.unit > 0 && m.unit < 1e9) {
		return nil, fmt.Errorf("read the names model: %w: %d weights for %d bits, unit %v", ErrModel, len(all), m.bits, m.unit)
	}
	// The weights are read as the signed bytes that they are, in place.
	m.weights = unsafe.Slice((*int8)(unsafe.Pointer(&all[0])), len(all))
	return m, nil
}

// Pack returns the model as the binary carries it.
func (m *Model) Pack() []byte {
	all := binary.LittleEndian.AppendUint32([]byte(magic), m.bits)
	all = binary.LittleEndian.AppendUint32(all, uint32(m.without))
	all = binary.LittleEndian.AppendUint64(all, math.Float64bits(m.unit))
	for _, row := range m.transitions {
		for _, w := range row {
			all = binary.LittleEndian.AppendUint32(all, uint32(w))
		}
	}
	for _, w := range m.weights {
		all = append(all, byte(w))
	}
	return weights.Pack(all)
}
