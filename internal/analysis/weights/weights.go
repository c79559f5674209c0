// Package weights packs the weights of models as the binary carries them, and
// unpacks them. What the bytes mean is the business of who learned them.
package weights

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// ErrSize reports weights that are more than their model can have.
var ErrSize = errors.New("more weights than the model can have")

// Pack compresses weights. The same weights give the same bytes with the same
// version of Go.
func Pack(plain []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // there is such a level
	_, _ = w.Write(plain)                                 // to memory
	_ = w.Close()
	return b.Bytes()
}

// Unpack undoes [Pack]. It takes no more memory than most bytes need, and refuses
// what is not whole and what is larger.
func Unpack(packed []byte, most int) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack weights: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("unpack weights: %w", err)
	case len(plain) > most:
		return nil, fmt.Errorf("unpack weights: %w: %d bytes and more", ErrSize, len(plain))
	}
	return plain, nil
}
