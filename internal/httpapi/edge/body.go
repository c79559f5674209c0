package edge

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/klauspost/compress/gzip"
)

// streamedSize is the size in bytes from which an answer is sent while it is
// written, so that tens of megabytes of messages are never held in memory.
const streamedSize = 64 << 10

// A responseBody is the body of an answer in JSON on its way out. It is held back
// until it ends, and then sent with its length, or until it is long, and then
// sent piece by piece.
type responseBody struct {
	*bufio.Writer // to write to

	x      *Exchange
	status int
	ended  bool
	to     io.Writer    // nil as long as nothing is sent
	zip    *gzip.Writer // nil unless the answer is compressed
	failed error        // of the connection
	sent   *copied      // what went out; nil unless it is to be kept
}

func newResponseBody() any {
	o := &responseBody{}
	o.Writer = bufio.NewWriterSize(chunks{o}, streamedSize)
	return o
}

// begin begins the answer of an exchange. [gzipPools.end] takes it back.
func (z *gzipPools) begin(x *Exchange, status int) *responseBody {
	o := z.bodies.Get().(*responseBody)
	o.x, o.status, o.ended, o.to, o.zip, o.failed, o.sent = x, status, false, nil, nil, nil, nil
	o.Reset(chunks{o})
	return o
}

func (z *gzipPools) end(o *responseBody) {
	if o.zip != nil {
		z.writers.Put(o.zip)
	}
	o.x, o.to, o.zip, o.sent = nil, nil, nil, nil
	z.bodies.Put(o)
}

// chunks takes what the buffer of an outflow gives away.
type chunks struct{ *responseBody }

func (o chunks) Write(p []byte) (n int, err error) {
	if o.ended && o.to == nil {
		o.x.send(o.status, p)
		return len(p), nil
	}
	if o.to == nil {
		o.begin(len(p))
	}
	n, err = o.to.Write(p)
	o.failed = err
	return n, err
}

// begin sends the header of a long answer.
func (o *responseBody) begin(size int) {
	x := o.x
	o.to = x.w
	if x.store != nil {
		o.sent = &copied{}
		o.to = io.MultiWriter(x.w, o.sent)
	}
	if x.encode(size) {
		o.zip = x.h.gzip.writers.Get().(*gzip.Writer)
		o.zip.Reset(o.to)
		o.to = o.zip
	}
	x.begin(o.status)
}

// finish sends the rest. A caller who has gone is no error of ours, but what they
// did not get is not kept.
func (o *responseBody) finish() {
	o.ended = true
	err := o.Flush()
	if o.zip != nil {
		err = errors.Join(err, o.zip.Close())
	}
	if err == nil && o.sent != nil && !o.sent.over {
		o.x.store(bytes.Clone(o.sent.Bytes())) // less what the buffer has in reserve
	}
}

// fail ends an answer that could not be written, in place of finish.
func (o *responseBody) fail(err error) {
	switch {
	case o.failed != nil: // the caller has gone
	case o.to == nil:
		o.x.refuse(err)
	default:
		o.x.cause = err
		panic(http.ErrAbortHandler)
	}
}
