package httpapi

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/klauspost/compress/gzip"
)

// longAnswer is the size in bytes from which an answer is sent while it is
// written, so that tens of megabytes of messages are never held in memory.
const longAnswer = 64 << 10

// An outflow is the body of an answer in JSON on its way out. It is held back
// until it ends, and then sent with its length, or until it is long, and then
// sent piece by piece.
type outflow struct {
	*bufio.Writer // to write to

	x      *exchange
	status int
	ended  bool
	to     io.Writer    // nil as long as nothing is sent
	zip    *gzip.Writer // nil unless the answer is compressed
	failed error        // of the connection
	sent   *duplicate   // what went out; nil unless it is to be kept
}

func newOutflow() any {
	o := &outflow{}
	o.Writer = bufio.NewWriterSize(pieces{o}, longAnswer)
	return o
}

// flow begins the answer of an exchange. [zipper.end] takes it back.
func (z *zipper) flow(x *exchange, status int) *outflow {
	o := z.flows.Get().(*outflow)
	o.x, o.status, o.ended, o.to, o.zip, o.failed, o.sent = x, status, false, nil, nil, nil, nil
	o.Reset(pieces{o})
	return o
}

func (z *zipper) end(o *outflow) {
	if o.zip != nil {
		z.writers.Put(o.zip)
	}
	o.x, o.to, o.zip, o.sent = nil, nil, nil, nil
	z.flows.Put(o)
}

// pieces takes what the buffer of an outflow gives away.
type pieces struct{ *outflow }

func (o pieces) Write(p []byte) (n int, err error) {
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
func (o *outflow) begin(size int) {
	x := o.x
	o.to = x.w
	if x.keep != nil {
		o.sent = &duplicate{}
		o.to = io.MultiWriter(x.w, o.sent)
	}
	if x.negotiate(size) {
		o.zip = x.zip.writers.Get().(*gzip.Writer)
		o.zip.Reset(o.to)
		o.to = o.zip
	}
	x.begin(o.status)
}

// finish sends the rest. A caller who has gone is no error of ours, but what they
// did not get is not kept.
func (o *outflow) finish() {
	o.ended = true
	err := o.Flush()
	if o.zip != nil {
		err = errors.Join(err, o.zip.Close())
	}
	if err == nil && o.sent != nil && !o.sent.over {
		o.x.keep(bytes.Clone(o.sent.Bytes())) // less what the buffer has in reserve
	}
}

// fail ends an answer that could not be written, in place of finish.
func (o *outflow) fail(err error) {
	switch {
	case o.failed != nil: // the caller has gone
	case o.to == nil:
		o.x.refuse(err)
	default:
		o.x.cause = err
		panic(http.ErrAbortHandler)
	}
}
