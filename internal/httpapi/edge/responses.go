package edge

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

// The cache of answers holds long ones, which stay the same until their
// conversation changes. It saves encoding them as JSON and, above all,
// compressing that.
const (
	cachedBytes    = 16 << 20 // of all answers
	cachedResponse = 8 << 20  // of a single one
	cacheOverhead  = 256      // that one takes beside its data and key
)

// A response is the body of an answer as it was sent before.
type response []byte

// Cached returns the answer that was sent to an equal request about this
// version, for the handler to return. Otherwise it has the answer to this
// request cached, if that is long.
func (x *Exchange) Cached(version string) (answer any, ok bool) {
	key := strings.Join([]string{x.Account.ID, version, x.Request.URL.Path, x.Request.URL.RawQuery, strconv.FormatBool(x.acceptsGzip())}, "\x00")
	if known, ok := x.h.responses.Get(key); ok {
		return known, true
	}
	x.store = func(r response) { x.h.responses.Put(key, r, cacheOverhead+len(key)+len(r)) }
	return nil, false
}

// DoNotCache undoes what [Exchange.Cached] began.
func (x *Exchange) DoNotCache() { x.store = nil }

// sendCached sends an answer from the cache.
func (x *Exchange) sendCached(r response) {
	x.encode(streamedSize) // as when it was first sent, whatever its size is now
	x.Header().Set("Content-Length", strconv.Itoa(len(r)))
	x.begin(http.StatusOK)
	_, _ = x.w.Write(r) // a connection that the caller has closed is not an error of ours
}

// A responseCopy is what has been sent of an answer, unless that is too much
// for the cache.
type responseCopy struct {
	buf  bytes.Buffer
	over bool
}

// Write implements [io.Writer].
func (c *responseCopy) Write(p []byte) (int, error) {
	if c.over = c.over || c.buf.Len()+len(p) > cachedResponse; c.over {
		c.buf = bytes.Buffer{}
		return len(p), nil
	}
	return c.buf.Write(p)
}

func (c *responseCopy) store(x *Exchange) {
	if !c.over {
		x.store(bytes.Clone(c.buf.Bytes())) // without the spare capacity of the buffer
	}
}
