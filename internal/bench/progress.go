package bench

import (
	"io"
	"sync"
)

// Locked returns a writer for several who write at the same time, such as a process
// that was started and the one that waits for it.
func Locked(w io.Writer) io.Writer { return &locked{w: w} }

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
