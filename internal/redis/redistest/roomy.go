package redistest

import (
	"bytes"
	"net"
	"sync"
)

// roomy is a connection whose writes never wait for the reader, as on a socket
// whose buffers are large enough. A pipe has no buffer at all: a client that
// is still sending a batch and a server that answers its first command would
// wait for each other.
type roomy struct {
	net.Conn
	mu     sync.Mutex
	filled sync.Cond
	buf    []byte
	closed bool
}

func newRoomy(conn net.Conn) *roomy {
	r := &roomy{Conn: conn}
	r.filled.L = &r.mu
	go r.pump()
	return r
}

// pump sends what is written until the connection is closed.
func (r *roomy) pump() {
	for {
		r.mu.Lock()
		for len(r.buf) == 0 && !r.closed {
			r.filled.Wait()
		}
		b := bytes.Clone(r.buf)
		r.buf = r.buf[:0]
		closed := r.closed
		r.mu.Unlock()
		if closed {
			return
		}
		if _, err := r.Conn.Write(b); err != nil {
			return // the reader learns of it
		}
	}
}

func (r *roomy) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return 0, net.ErrClosed
	}
	r.buf = append(r.buf, b...)
	r.filled.Signal()
	return len(b), nil
}

func (r *roomy) Close() error {
	r.mu.Lock()
	r.closed = true
	r.filled.Signal()
	r.mu.Unlock()
	return r.Conn.Close()
}
