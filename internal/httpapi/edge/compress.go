package edge

import (
	"bytes"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// Answers are compressed here, and not by gzhttp of the same library. What
// gzhttp sends differs in several ways: a compressed answer has no
// Content-Length, however short it is; every answer has Vary, also one that is
// too short to be compressed; a HEAD is never answered as the GET would be; and
// of Accept-Encoding it knows neither x-gzip nor the star.

// minCompressed is the size in bytes from which an answer is compressed. A
// smaller one fits into one packet as it is.
const minCompressed = 1400

// gzipLevel takes less than half the time of gzip's default, and makes long
// lists of messages larger by a tenth, and those of ids smaller.
const gzipLevel = 2

// gzipWriters is a pool of [gzip.Writer].
type gzipWriters struct{ pool sync.Pool }

func (g *gzipWriters) get() *gzip.Writer {
	if w, ok := g.pool.Get().(*gzip.Writer); ok {
		return w
	}
	w, err := gzip.NewWriterLevel(nil, gzipLevel)
	if err != nil {
		panic(err) // the level does not exist
	}
	return w
}

func (g *gzipWriters) put(w *gzip.Writer) { g.pool.Put(w) }

// compress returns data compressed.
func (g *gzipWriters) compress(data []byte) ([]byte, error) {
	w := g.get()
	defer g.put(w)
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

// encode reports whether an answer of that size is compressed, and sets the
// headers accordingly.
func (x *Exchange) encode(size int) bool {
	h := x.Header()
	if size < minCompressed || h.Get("Content-Encoding") != "" {
		return false
	}
	h.Add("Vary", "Accept-Encoding")
	if !x.acceptsGzip() {
		return false
	}
	h.Set("Content-Encoding", "gzip")
	addSuffix(h)
	return true
}

// acceptsGzip reports whether Accept-Encoding allows gzip: by its name, else by
// the star, unless with the weight zero.
func (x *Exchange) acceptsGzip() bool {
	accepts := false
	for item := range strings.SplitSeq(strings.Join(x.Request.Header["Accept-Encoding"], ","), ",") {
		coding, params, _ := strings.Cut(item, ";")
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return weight(params) > 0
		case "*":
			accepts = weight(params) > 0
		}
	}
	return accepts
}

// weight returns the value of q=…: 1 if there is none, 0 if it is no number.
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
