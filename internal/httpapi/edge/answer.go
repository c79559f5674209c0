package edge

import (
	"bufio"
	"errors"
	"net/http"
	"strconv"
)

// answer sends body as JSON, or without a body if it is nil. Stored text that is
// not valid UTF-8 is sent as it is: an error would not help the reader. Equal
// values are sent as equal bytes, as their ETags promise.
func (x *Exchange) answer(status int, body any) {
	if body == nil {
		x.send(status, nil)
		return
	}
	if x.matchesTag(status) {
		x.notModified()
		return
	}
	x.Header().Set("Content-Type", "application/json; charset=utf-8")
	if known, ok := body.(response); ok {
		x.sendCached(known)
		return
	}
	out := &stream{x: x, status: status}
	buf := x.h.streams.Get().(*bufio.Writer)
	defer func() {
		buf.Reset(nil)
		x.h.streams.Put(buf)
	}()
	buf.Reset(out)
	out.end(buf, writeBody(buf, body))
}

// send sends an answer as a whole, compressed if it is long enough and the
// caller accepts that, unless the caller has it already.
func (x *Exchange) send(status int, data []byte) {
	h := x.Header()
	known := x.matchesTag(status)
	zipped := x.encode(len(data))
	switch {
	case known:
		status, data = http.StatusNotModified, nil
		h.Del("Content-Type")
		h.Del("Content-Encoding")
	case zipped:
		var err error
		if data, err = x.h.gzipWriters.compress(data); err != nil {
			h.Del("Content-Encoding")
			x.refuse(err)
			return
		}
	}
	if status != http.StatusNoContent && status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(data)))
	}
	x.begin(status)
	if len(data) > 0 {
		_, _ = x.w.Write(data) // a connection that the caller has closed is not an error of ours
	}
}

// sendHeader answers HEAD without the length, which only the body would tell.
func (x *Exchange) sendHeader(status int) {
	x.Header().Set("Content-Type", "application/json; charset=utf-8")
	x.Header().Add("Vary", "Accept-Encoding")
	x.begin(status)
}

// begin sends the header of the answer.
func (x *Exchange) begin(status int) {
	x.status, x.sent = status, true
	x.prepareEarly(status)
	x.w.WriteHeader(status)
}

// refuse answers the refusal for err.
func (x *Exchange) refuse(err error) {
	r := x.orNotOffered(refusalOf(err))
	if _, ours := errors.AsType[*Refusal](err); !ours && x.Request.Context().Err() != nil {
		r = errGone // it failed because the caller has closed the connection
	}
	if r.Status >= http.StatusInternalServerError {
		x.cause = err
	}
	if r.RetryAfter {
		x.Header().Set("Retry-After", "1")
	}
	if r.Status == http.StatusUnauthorized {
		x.Header().Set("WWW-Authenticate", "Bearer")
	}
	x.Header().Del("ETag") // it is that of a success
	x.answer(r.Status, x.h.errorBody(x.Request.URL.Path, r))
}
