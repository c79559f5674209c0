package httpapi

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
)

const (
	mostReady = 16 << 20 // bytes of answers that are kept
	oneReady  = 8 << 20  // of a single one
	perReady  = 256      // that it takes beside its data and key
)

// A ready answer is one as it was sent before. Of long answers that are the same
// until their conversation changes, it spares making JSON of them, and above all
// compressing that.
type ready []byte

// again returns the answer that was sent to an equal request about this version
// of the conversation. Otherwise it has this request's kept, if it is long.
func (a *API) again(x *exchange, c conversation.Conversation) (ready, bool) {
	key := strings.Join([]string{x.account.ID, c.ID, c.Version, x.r.URL.Path, x.r.URL.RawQuery, strconv.FormatBool(takesGzip(x.r.Header["Accept-Encoding"]))}, "\x00")
	if known, ok := a.ready.Get(key); ok {
		return known, true
	}
	x.keep = func(r ready) { a.ready.Put(key, r, perReady+len(key)+len(r)) }
	return nil, false
}

// repeat sends an answer that is ready.
func (x *exchange) repeat(r ready) {
	x.negotiate(longAnswer) // as when it was made, whatever its size is now
	x.Header().Set("Content-Length", strconv.Itoa(len(r)))
	x.begin(http.StatusOK)
	_, _ = x.w.Write(r) // a caller who has gone is no error of ours
}

// A duplicate is what has been sent of an answer, unless that is too much to be
// kept.
type duplicate struct {
	bytes.Buffer

	over bool
}

func (d *duplicate) Write(p []byte) (int, error) {
	if d.over = d.over || d.Len()+len(p) > oneReady; d.over {
		d.Buffer = bytes.Buffer{}
		return len(p), nil
	}
	return d.Buffer.Write(p)
}
