package names

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"
)

const fileSize = 8 + 4*(labels+1)*labels + labels<<bits

// readModel undoes [Model.Pack], less the compression: the unit, the moves,
// the weights.
func readModel(all []byte) (*Model, error) {
	if len(all) != fileSize {
		return nil, fmt.Errorf("read the names model: %d bytes, want %d", len(all), fileSize)
	}
	m := &Model{unit: math.Float64frombits(binary.LittleEndian.Uint64(all))}
	all = all[8:]
	for from := range m.moves {
		for to := range m.moves[from] {
			m.moves[from][to] = int32(binary.LittleEndian.Uint32(all))
			all = all[4:]
		}
	}
	// The weights are read as the signed bytes that they are, in place.
	m.weights = unsafe.Slice((*int8)(unsafe.Pointer(&all[0])), len(all))
	return m, nil
}

// Pack returns the model as the binary carries it.
func (m *Model) Pack() ([]byte, error) {
	all := binary.LittleEndian.AppendUint64(nil, math.Float64bits(m.unit))
	for _, row := range m.moves {
		for _, w := range row {
			all = binary.LittleEndian.AppendUint32(all, uint32(w))
		}
	}
	for _, w := range m.weights {
		all = append(all, byte(w))
	}
	var b bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := zipped.Write(all); err != nil {
		return nil, err
	}
	if err := zipped.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
