package edge

import (
	"net/http"
	"sync"
	"time"
)

// How much is read of a body that was refused unread. Many clients send their
// whole body before they read the answer. If the server closed the connection at
// once, they would see a reset instead of the answer.
const (
	maxUnread     = 64 << 20         // bytes
	unreadTime    = 10 * time.Second // at most, whatever arrives
	unreadStart   = time.Second      // in which nothing has to arrive
	unreadRate    = 64 << 10         // bytes a second, from then on, on average
	unreadAtOnce  = 256              // connections of this process
	unreadBuffer  = 16 << 10         // bytes for each of them
	leftToHandler = 256 << 10        // bytes; package http reads these by itself, and keeps the connection
)

// A discarder reads the rest of bodies after the answer, and drops it. It closes
// a connection at once if more arrives than it may read, or if it reads from too
// many other connections.
type discarder struct {
	connections chan struct{}
	buffers     sync.Pool // of *[unreadBuffer]byte
}

func newDiscarder() *discarder {
	return &discarder{
		connections: make(chan struct{}, unreadAtOnce),
		buffers:     sync.Pool{New: func() any { return new([unreadBuffer]byte) }},
	}
}

// leavesUnread reports whether more of the body may be unread than package http
// would read by itself.
func (x *Exchange) leavesUnread() bool {
	n := x.Request.ContentLength
	return !x.complete && x.Request.Body != nil && x.Request.Body != http.NoBody && (n < 0 || n > leftToHandler)
}

// prepareEarly prepares a refusal that is sent before the body was read. It has
// Connection: close, so that a client that reads while it sends can stop.
func (x *Exchange) prepareEarly(status int) {
	if status < http.StatusBadRequest || !x.leavesUnread() {
		return
	}
	if http.NewResponseController(x.w).EnableFullDuplex() == nil {
		x.Header().Set("Connection", "close")
		x.early = true
	}
}

// discard sends the answer, and then reads the rest of the body.
//
// A client that waits for "100 Continue" gets the answer instead. If it sends its
// body nevertheless, that is read as well.
func (s *discarder) discard(x *Exchange) {
	rc := http.NewResponseController(x.w)
	if rc.Flush() != nil {
		return
	}
	// Package http must not wait for the rest of the body in turn.
	defer func() { _ = rc.SetReadDeadline(time.Now()) }()
	select {
	case s.connections <- struct{}{}:
		defer func() { <-s.connections }()
	default:
		return
	}
	buf := s.buffers.Get().(*[unreadBuffer]byte)
	defer s.buffers.Put(buf)
	began := time.Now()
	for got := 0; got < maxUnread; {
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
