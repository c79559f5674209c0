package jobs

import (
	"os"
	"runtime"
	"sync"
)

// A networkLook has the runtime look for what came over the network, and lets those go on
// who waited for it or for a processor. While all processors are at work the runtime looks
// every 10 ms, and lets a goroutine that computes go on for as long: a short job beside
// long ones would wait so with each of its steps.
//
// There is no call for it. But a goroutine that waits for a pipe goes on when the runtime
// has looked, and it looks as soon as a processor has nothing else to do.
type networkLook struct {
	mu   sync.Mutex // held by the one who looks
	r, w *os.File   // nil if there are none
}

func newNetworkLook() *networkLook {
	r, w, err := os.Pipe()
	if err != nil {
		return &networkLook{} // what is long is not interrupted then
	}
	return &networkLook{r: r, w: w}
}

// look returns when the runtime has looked; at once if it is looking for another.
func (l *networkLook) look() {
	if l.r == nil || !l.mu.TryLock() {
		return
	}
	defer l.mu.Unlock()
	var one [1]byte
	go func() { _, _ = l.w.Write([]byte{0}) }() // runs when this goroutine waits
	_, _ = l.r.Read(one[:])
	runtime.Gosched()
}
