package redistest

import (
	"bytes"
	"net"
	"sync"
	"time"
)

// ahead is the number of chunks that may be under way in one direction.
const ahead = 1024

// A wire is one connection of a client over a link.
type wire struct {
	link   *NetworkLink
	client net.Conn

	mu     sync.Mutex
	server net.Conn // nil until the link let it be dialled
	asked  bool     // a request that may lose its reply is under way
	silent bool     // a reply got lost, so nothing may follow it
	closed bool
}

// A chunk is what one read returned, and when it may arrive.
type chunk struct {
	bytes []byte
	due   time.Time
}

// run carries everything between the client and Redis until either closes.
func (w *wire) run() {
	defer w.close()
	if !w.link.passable() {
		return
	}
	server, err := net.Dial("tcp", w.link.target)
	if err != nil || !w.use(server) {
		return // the client sees its connection closed
	}
	var wg sync.WaitGroup
	wg.Go(func() { w.carry(server, w.client, false) })
	wg.Go(func() { w.carry(w.client, server, true) })
	wg.Wait()
}

// use makes server the other end, unless the wire was cut meanwhile.
func (w *wire) use(server net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		_ = server.Close() // nothing was sent
		return false
	}
	w.server = server
	return true
}

// carry moves one direction until its source ends, and then closes the wire.
func (w *wire) carry(to, from net.Conn, toClient bool) {
	chunks := make(chan chunk, ahead)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(chunks)
		buf := make([]byte, 64<<10)
		for {
			n, err := from.Read(buf)
			if n > 0 {
				chunks <- chunk{bytes.Clone(buf[:n]), time.Now().Add(w.link.delay(toClient))}
			}
			if err != nil {
				return
			}
		}
	})
	for c := range chunks {
		if !w.deliver(to, c, toClient) {
			w.close()
		}
	}
	w.close()
	wg.Wait()
}

// deliver writes one chunk when it is due, unless it gets lost. It returns
// false if the wire must be closed.
func (w *wire) deliver(to net.Conn, c chunk, toClient bool) bool {
	if !w.until(c.due) || !w.link.passable() {
		return false
	}
	if toClient {
		if lost, keep := w.reply(); lost {
			return keep
		}
	} else if w.link.concerns(c.bytes) {
		w.ask()
	}
	_, err := to.Write(c.bytes)
	return err == nil
}

// until waits for the given time. It reports whether the link still exists then.
func (w *wire) until(due time.Time) bool {
	wait := time.Until(due)
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-w.link.gone:
		return false
	}
}

func (w *wire) ask() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = true
}

// reply decides whether the reply that begins with this chunk gets lost, and
// whether the connection is kept then. Later chunks of one reply share its
// fate.
func (w *wire) reply() (lost, keep bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.silent || !w.asked {
		return w.silent, true
	}
	w.asked = false
	loss, lost := w.link.loses()
	w.silent = lost
	return lost, loss.Silent
}

func (w *wire) silenced() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.silent
}

func (w *wire) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	_ = w.client.Close() // both ends learn of it
	if w.server != nil {
		_ = w.server.Close()
	}
}

// contains reports whether the request has the text in any case.
func contains(request []byte, text string) bool {
	return bytes.Contains(bytes.ToLower(request), bytes.ToLower([]byte(text)))
}
