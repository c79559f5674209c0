package edge

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/klauspost/compress/gzip"
)

// streamedSize is the size in bytes from which an answer is sent while it is
// encoded, so that tens of megabytes of messages are never held in memory. It is
// small, because of many that are asked for at once each begins with so much.
const streamedSize = 16 << 10

// A caller has to read an answer that is sent in portions at a least rate: so many
// bytes that are not taken in time close the connection, and its memory is
// there for others.
const (
	leastRate = 8 << 10         // bytes a second
	patience  = 2 * time.Second // beside that, for each allowance
	allowance = 64 << 10        // bytes for which the time is given at once
)

// A stream sends the body of an answer, which it gets from a buffer of
// streamedSize. A short body arrives whole at the end, and is sent with its
// length. A long one is sent chunk by chunk.
type stream struct {
	x      *Exchange
	status int
	ended  bool         // nothing follows what is in the buffer
	to     io.Writer    // nil until the header is sent
	gzip   *gzip.Writer // nil unless the answer is compressed
	copy   *responseCopy
	left   int   // bytes that may be sent until time is given anew
	failed error // of the connection
}

func newStreamBuffer() any { return bufio.NewWriterSize(nil, streamedSize) }

// Write implements [io.Writer].
func (s *stream) Write(p []byte) (n int, err error) {
	switch {
	case s.to == nil && s.ended:
		s.x.send(s.status, p)
		return len(p), nil
	case s.to == nil:
		s.begin(len(p))
	}
	had := s.x.endTurn()
	s.x.letOthersGoOn()
	s.allow(len(p))
	n, err = s.to.Write(p)
	if had && !s.ended {
		_ = s.x.beginTurn() // should the caller go meanwhile, the next part finds out
	}
	s.failed = err
	return n, err
}

// allow gives the caller time for what is sent next, unless that is within what time was
// given for.
func (s *stream) allow(bytes int) {
	if s.left < bytes {
		s.left = max(bytes, allowance)
		s.x.allow(s.left)
	}
	s.left -= bytes
}

// allow gives the caller the time to take that many bytes. Where a connection has no
// deadline, as in tests, the time is not limited.
func (x *Exchange) allow(bytes int) {
	_ = http.NewResponseController(x.w).SetWriteDeadline(time.Now().Add(patience + time.Duration(bytes)*time.Second/leastRate))
}

// begin sends the header of a long answer.
func (s *stream) begin(size int) {
	s.to = s.x.w
	if s.x.store != nil {
		s.copy = &responseCopy{}
		s.to = io.MultiWriter(s.x.w, s.copy)
	}
	if s.x.encode(size) {
		s.gzip = s.x.h.gzipWriters.get()
		s.gzip.Reset(s.to)
		s.to = s.gzip
	}
	s.x.begin(s.status)
}

// gone reports whether the caller has closed the connection.
func (x *Exchange) gone() bool { return x.Request.Context().Err() != nil }

var errSlow = errors.New("the caller took less than 8 KiB of the answer a second")

// end sends what is in the buffer, unless the body could not be encoded. A
// connection that the caller has closed is not an error of ours, but then the
// answer is not cached.
func (s *stream) end(buf *bufio.Writer, err error) {
	if s.gzip != nil {
		defer s.x.h.gzipWriters.put(s.gzip)
	}
	switch {
	case err == nil:
		s.ended = true
		err = buf.Flush()
		if s.gzip != nil {
			err = errors.Join(err, s.gzip.Close())
		}
		if err == nil && s.copy != nil {
			s.copy.store(s.x)
		}
	case errors.Is(s.failed, os.ErrDeadlineExceeded):
		s.x.status, s.x.cause = errGone.Status, errSlow
		panic(http.ErrAbortHandler)
	case s.failed != nil || s.x.gone(): // the caller has closed the connection
		s.x.status = errGone.Status
		panic(http.ErrAbortHandler)
	case s.to == nil:
		s.x.refuse(err)
	default:
		s.x.cause = err
		panic(http.ErrAbortHandler)
	}
}
