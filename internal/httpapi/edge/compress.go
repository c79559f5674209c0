package edge

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

// minCompressed is the size in bytes from which an answer is compressed. A
// smaller one fits into one packet as it is.
const minCompressed = 1400

// gzipLevel takes less than half the time of gzip's default, and makes long
// lists of messages larger by a tenth, and those of ids smaller.
const gzipLevel = 2

// A gzipPools compresses answers and expands bodies.
type gzipPools struct {
	writers sync.Pool // of *gzip.Writer
	bodies  sync.Pool // of *outflow
	readers sync.Pool // of *unzipper
}

// gunzip reads one body. What stands behind the compressed data is left in
// the buffer.
type gunzip struct {
	in  *bufio.Reader
	out gzip.Reader
}

func newZipper() *gzipPools {
	return &gzipPools{
		writers: sync.Pool{New: func() any {
			w, err := gzip.NewWriterLevel(nil, gzipLevel)
			if err != nil {
				panic(err) // there is no such level
			}
			return w
		}},
		bodies:  sync.Pool{New: newResponseBody},
		readers: sync.Pool{New: func() any { return &gunzip{in: bufio.NewReader(nil)} }},
	}
}

// compress returns data compressed.
func (z *gzipPools) compress(data []byte) ([]byte, error) {
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

// errGzip is what is said of a body that is not what its encoding promises.
var errGzip = Refuse(http.StatusBadRequest, "The body is not whole gzip data of one member, as its Content-Encoding promises.")

// expand reads a compressed body into buf. It expands one byte more than may
// be, at most.
func (z *gzipPools) expand(buf *bytes.Buffer, body io.Reader, most int64) error {
	u := z.readers.Get().(*gunzip)
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
		return errGzip
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// encode reports whether an answer of that size is compressed, and says in
// the header what follows from that.
func (x *Exchange) encode(size int) bool {
	h := x.Header()
	if size < minCompressed || h.Get("Content-Encoding") != "" {
		return false
	}
	h.Add("Vary", "Accept-Encoding")
	if !acceptsGzip(x.Request.Header["Accept-Encoding"]) {
		return false
	}
	h.Set("Content-Encoding", "gzip")
	if tag, ok := strings.CutSuffix(h.Get("ETag"), `"`); ok {
		h.Set("ETag", tag+gzipSuffix)
	}
	return true
}

// acceptsGzip reports whether an Accept-Encoding allows for gzip: by its name,
// else by the star, unless with the weight zero.
func acceptsGzip(accept []string) bool {
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
