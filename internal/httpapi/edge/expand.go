package edge

import (
	"bufio"
	"errors"
	"io"
	"net/http"

	"github.com/klauspost/compress/gzip"
)

// errGzip is the answer to a body that is not what its encoding promises.
var errGzip = Refuse(http.StatusBadRequest, "The body is not whole gzip data of one member, as its Content-Encoding promises.")

// A gzipReader expands one body after the other. What follows the compressed
// data is left in the buffer.
type gzipReader struct {
	in  *bufio.Reader
	out gzip.Reader
}

func newGzipReader() any { return &gzipReader{in: bufio.NewReader(nil)} }

// expand reads a compressed body into b. It expands one byte more than most,
// at most.
func (h *Handler) expand(b *body, sent io.Reader, most int64) error {
	r := h.gzipReaders.Get().(*gzipReader)
	defer func() {
		r.in.Reset(nil)
		h.gzipReaders.Put(r)
	}()
	r.in.Reset(sent)
	if err := r.out.Reset(r.in); err != nil {
		return err
	}
	r.out.Multistream(false)
	err := b.readFrom(io.LimitReader(&r.out, most+1))
	switch {
	case err != nil:
		return err
	case int64(len(b.data)) > most:
		return tooLarge(most)
	}
	if _, err = r.in.ReadByte(); err == nil {
		return errGzip
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
