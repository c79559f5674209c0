package tracking

import (
	_ "embed" // the model
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

//go:embed data/model.bin
var packed []byte

// New returns the Model of the binary.
func New(lex *lexicon.Lexicon) (*Model, error) {
	return open(lex, packed)
}

// open reads a model, and says what to do if it cannot.
func open(lex *lexicon.Lexicon, all []byte) (*Model, error) {
	m, err := read(lex, all)
	if err != nil {
		return nil, fmt.Errorf("read tracking/data/model.bin: %w; make the file anew with tracking/train", err)
	}
	return m, nil
}

const fileSize = 8*(signCount+1) + 4*(dims+1)*lexicon.Dims + crc32.Size

// Pack returns the model as the binary carries it, little-endian: the weights
// of likeness, the bias, the emphasis, the projection, and the CRC-32 (IEEE) of
// all that.
func (m *Model) Pack() []byte {
	all := make([]byte, 0, fileSize)
	for _, w := range m.likeness {
		all = binary.LittleEndian.AppendUint64(all, math.Float64bits(w))
	}
	all = binary.LittleEndian.AppendUint64(all, math.Float64bits(m.bias))
	for _, x := range m.emphasis {
		all = binary.LittleEndian.AppendUint32(all, math.Float32bits(x))
	}
	for i := range m.projection {
		for _, x := range m.projection[i] {
			all = binary.LittleEndian.AppendUint32(all, math.Float32bits(x))
		}
	}
	return binary.LittleEndian.AppendUint32(all, crc32.ChecksumIEEE(all))
}

// read undoes [Model.Pack].
func read(lex *lexicon.Lexicon, all []byte) (*Model, error) {
	if len(all) != fileSize {
		return nil, fmt.Errorf("%d bytes, want %d", len(all), fileSize)
	}
	all, end := all[:fileSize-crc32.Size], all[fileSize-crc32.Size:]
	if got, want := crc32.ChecksumIEEE(all), binary.LittleEndian.Uint32(end); got != want {
		return nil, fmt.Errorf("checksum %08x, want %08x", got, want)
	}
	m := &Model{lex: lex}
	for i := range m.likeness {
		m.likeness[i] = math.Float64frombits(binary.LittleEndian.Uint64(all[8*i:]))
	}
	m.bias = math.Float64frombits(binary.LittleEndian.Uint64(all[8*signCount:]))
	all = readRow(&m.emphasis, all[8*(signCount+1):])
	for i := range m.projection {
		all = readRow(&m.projection[i], all)
	}
	m.weigh()
	return m, nil
}

// readRow fills a row, and returns what comes after it.
func readRow(row *[lexicon.Dims]float32, all []byte) []byte {
	for i := range row {
		row[i] = math.Float32frombits(binary.LittleEndian.Uint32(all[4*i:]))
	}
	return all[4*lexicon.Dims:]
}
