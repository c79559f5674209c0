package edge

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

// A discarder reads what is left of bodies after the answer, and throws it away.
// Beyond what it may read, and beyond the connections that it has room for, the
// connection is closed at once.
type discarder struct {
	slots   chan struct{}
	buffers sync.Pool // of *[unreadBuffer]byte
}

func newDiscarder() *discarder {
	return &discarder{
		slots:   make(chan struct{}, unreadAtOnce),
		buffers: sync.Pool{New: func() any { return new([unreadBuffer]byte) }},
	}
}

// leavesUnread reports whether more of the body may be left unread than package http
// would read by itself.
func (x *Exchange) leavesUnread() bool {
	n := x.Request.ContentLength
	return !x.complete && x.Request.Body != nil && x.Request.Body != http.NoBody && (n < 0 || n > leftToHandler)
}

// prepareEarly prepares an answer that is sent before the body was read: it goes out
// first, and says that the connection ends with it, so that a client that
// listens can stop sending. A success has no such thing to say.
func (x *Exchange) prepareEarly(status int) {
	if status < http.StatusBadRequest || !x.leavesUnread() {
		return
	}
	if http.NewResponseController(x.w).EnableFullDuplex() == nil {
		x.Header().Set("Connection", "close")
		x.early = true
	}
}

// discard sends what was answered, and then reads the rest of the body.
//
// A client that waits for "100 Continue" has the answer instead and is not told
// to go on; one that sends its body all the same is read like others.
func (s *discarder) discard(x *Exchange) {
	rc := http.NewResponseController(x.w)
	if rc.Flush() != nil {
		return
	}
	// Package http must not wait for what this did not.
	defer func() { _ = rc.SetReadDeadline(time.Now()) }()
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
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
		n, err := x.Request.Body.Read(buf[:])
		if err != nil {
			return
		}
		got += n
	}
}
