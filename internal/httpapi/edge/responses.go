package edge

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

const (
	cachedBytes    = 16 << 20 // bytes of answers that are kept
	cachedResponse = 8 << 20  // of a single one
	cacheOverhead  = 256      // that it takes beside its data and key
)

// A response answer is one as it was sent before. Of long answers that are the same
// until their conversation changes, it spares making JSON of them, and above all
// compressing that.
type response []byte

// Cached returns the answer that was sent to an equal request about this
// version, to be returned as it is. Otherwise it has this request's answer
// stored, if it is long.
func (x *Exchange) Cached(version string) (answer any, ok bool) {
	key := strings.Join([]string{x.Account.ID, version, x.Request.URL.Path, x.Request.URL.RawQuery, strconv.FormatBool(acceptsGzip(x.Request.Header["Accept-Encoding"]))}, "\x00")
	if known, ok := x.h.responses.Get(key); ok {
		return known, true
	}
	x.store = func(r response) { x.h.responses.Put(key, r, cacheOverhead+len(key)+len(r)) }
	return nil, false
}

// DoNotCache keeps the answer from being stored.
func (x *Exchange) DoNotCache() { x.store = nil }

// sendCached sends an answer that is ready.
func (x *Exchange) sendCached(r response) {
	x.encode(streamedSize) // as when it was made, whatever its size is now
	x.Header().Set("Content-Length", strconv.Itoa(len(r)))
	x.begin(http.StatusOK)
	_, _ = x.w.Write(r) // a caller who has gone is no error of ours
}

// A copied is what has been sent of an answer, unless that is too much to be
// kept.
type copied struct {
	bytes.Buffer

	over bool
}

func (d *copied) Write(p []byte) (int, error) {
	if d.over = d.over || d.Len()+len(p) > cachedResponse; d.over {
		d.Buffer = bytes.Buffer{}
		return len(p), nil
	}
	return d.Buffer.Write(p)
}
