// Package netpoll lets those go on who wait for the network or for a processor while
// others compute for long.
package netpoll

import (
	"os"
	"runtime"
	"sync"
	"time"
)

// Every is how long a computation goes on until it is to poll.
const Every = 2 * time.Millisecond

// A Poller has the runtime look for what came over the network. While all processors are
// at work the runtime looks every 10 ms, and lets a goroutine that computes go on for as
// long: something short beside what is long would wait so with each of its steps.
//
// There is no call for it. But a goroutine that waits for a pipe goes on when the runtime
// has looked, and it looks as soon as a processor has nothing else to do. A Poller is safe
// for concurrent use.
type Poller struct {
	mu   sync.Mutex // held by the one who polls
	r, w *os.File   // nil if there are none
}

// New returns a Poller. Where the system has no pipe left it does nothing.
func New() *Poller {
	r, w, err := os.Pipe()
	if err != nil {
		return &Poller{} // what is long is not interrupted then
	}
	return &Poller{r: r, w: w}
}

// Poll returns when the runtime has looked; at once if it is looking for another.
func (p *Poller) Poll() {
	if p.r == nil || !p.mu.TryLock() {
		return
	}
	defer p.mu.Unlock()
	var one [1]byte
	go func() { _, _ = p.w.Write([]byte{0}) }() // runs when this goroutine waits
	_, _ = p.r.Read(one[:])
	runtime.Gosched()
}
