package httpapi

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// leastZipped is the size in bytes from which an answer is compressed. A
// smaller one fits into one packet as it is.
const leastZipped = 1400

// zipLevel takes less than half the time of gzip's default, and makes long
// lists of messages larger by a tenth, and those of ids smaller.
const zipLevel = 2

// A zipper compresses answers and expands bodies.
type zipper struct {
	writers sync.Pool // of *gzip.Writer
	flows   sync.Pool // of *outflow
	readers sync.Pool // of *unzipper
}

// unzipper reads one body. What stands behind the compressed data is left in
// the buffer.
type unzipper struct {
	in  *bufio.Reader
	out gzip.Reader
}

func newZipper() *zipper {
	return &zipper{
		writers: sync.Pool{New: func() any {
			w, err := gzip.NewWriterLevel(nil, zipLevel)
			if err != nil {
				panic(err) // there is no such level
			}
			return w
		}},
		flows:   sync.Pool{New: newOutflow},
		readers: sync.Pool{New: func() any { return &unzipper{in: bufio.NewReader(nil)} }},
	}
}

// zip returns data compressed.
func (z *zipper) zip(data []byte) ([]byte, error) {
	w := z.writers.Get().(*gzip.Writer)
	defer z.writers.Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// errZip is what is said of a body that is not what its encoding promises.
var errZip = refuse(http.StatusBadRequest, "The body is not whole gzip data of one member, as its Content-Encoding promises.")

// expand reads a compressed body into buf. It expands one byte more than may
// be, at most.
func (z *zipper) expand(buf *bytes.Buffer, body io.Reader, most int64) error {
	u := z.readers.Get().(*unzipper)
	defer func() {
		u.in.Reset(nil)
		z.readers.Put(u)
	}()
	u.in.Reset(body)
	if err := u.out.Reset(u.in); err != nil {
		return err
	}
	u.out.Multistream(false)
	n, err := buf.ReadFrom(io.LimitReader(&u.out, most+1))
	switch {
	case err != nil:
		return err
	case n > most:
		return tooLarge(most)
	}
	if _, err = u.in.ReadByte(); err == nil {
		return errZip
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// negotiate reports whether an answer of that size is compressed, and says in
// the header what follows from that.
func (x *exchange) negotiate(size int) bool {
	h := x.Header()
	if size < leastZipped || h.Get("Content-Encoding") != "" {
		return false
	}
	h.Add("Vary", "Accept-Encoding")
	if !takesGzip(x.r.Header["Accept-Encoding"]) {
		return false
	}
	h.Set("Content-Encoding", "gzip")
	if tag, ok := strings.CutSuffix(h.Get("ETag"), `"`); ok {
		h.Set("ETag", tag+zippedTag)
	}
	return true
}

// takesGzip reports whether an Accept-Encoding allows for gzip: by its name,
// else by the star, unless with the weight zero.
func takesGzip(accept []string) bool {
	takes := false
	for _, list := range accept {
		for item := range strings.SplitSeq(list, ",") {
			coding, params, _ := strings.Cut(item, ";")
			coding = strings.ToLower(strings.TrimSpace(coding))
			switch coding {
			case "gzip", "x-gzip":
				return weight(params) > 0
			case "*":
				takes = weight(params) > 0
			}
		}
	}
	return takes
}

// weight returns what q=… says: 1 if nothing, 0 if nonsense.
func weight(params string) float64 {
	name, value, found := strings.Cut(params, "=")
	if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 0
	}
	return q
}
