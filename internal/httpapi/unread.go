package httpapi

import (
	"net/http"
	"sync"
	"time"
)

// What is read of a body that nobody wanted. A client that sends all of it
// before it reads the answer would find the connection reset otherwise, and
// never see the answer.
const (
	mostUnread    = 64 << 20         // bytes
	unreadTime    = 10 * time.Second // at most, whatever comes in
	unreadStart   = time.Second      // in which nothing need come in
	unreadRate    = 64 << 10         // bytes a second, from then on, on average
	unreadAtOnce  = 256              // connections of this process
	unreadBuffer  = 16 << 10         // bytes for each of them
	leftToHandler = 256 << 10        // bytes; package http reads these by itself, and keeps the connection
)

// A sink reads what is left of bodies after the answer, and throws it away.
// Beyond what it may read, and beyond the connections that it has room for, the
// connection is closed at once.
type sink struct {
	places  chan struct{}
	buffers sync.Pool // of *[unreadBuffer]byte
}

func newSink() *sink {
	return &sink{
		places:  make(chan struct{}, unreadAtOnce),
		buffers: sync.Pool{New: func() any { return new([unreadBuffer]byte) }},
	}
}

// leaves reports whether more of the body may be left unread than package http
// would read by itself.
func (x *exchange) leaves() bool {
	n := x.r.ContentLength
	return !x.arrived && x.r.Body != nil && x.r.Body != http.NoBody && (n < 0 || n > leftToHandler)
}

// parting prepares an answer that is sent before the body was read: it goes out
// first, and says that the connection ends with it, so that a client that
// listens can stop sending. A success has no such thing to say.
func (x *exchange) parting(status int) {
	if status < http.StatusBadRequest || !x.leaves() {
		return
	}
	if http.NewResponseController(x.w).EnableFullDuplex() == nil {
		x.Header().Set("Connection", "close")
		x.parted = true
	}
}

// swallow sends what was answered, and then reads the rest of the body.
//
// A client that waits for "100 Continue" has the answer instead and is not told
// to go on; one that sends its body all the same is read like others.
func (s *sink) swallow(x *exchange) {
	rc := http.NewResponseController(x.w)
	if rc.Flush() != nil {
		return
	}
	// Package http must not wait for what this did not.
	defer func() { _ = rc.SetReadDeadline(time.Now()) }()
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	default:
		return
	}
	buf := s.buffers.Get().(*[unreadBuffer]byte)
	defer s.buffers.Put(buf)
	began := time.Now()
	for got := 0; got < mostUnread; {
		least := unreadStart + time.Duration(got)*time.Second/unreadRate
		if rc.SetReadDeadline(began.Add(min(least, unreadTime))) != nil {
			return
		}
		n, err := x.r.Body.Read(buf[:])
		if err != nil {
			return
		}
		got += n
	}
}
