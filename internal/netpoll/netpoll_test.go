package netpoll

import (
	"os"
	"runtime"
	"testing"
	"time"
)

// On one processor, which a goroutine never leaves by itself, another one that waits for
// what came over a connection goes on when the first one polls.
func TestPoll(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	p, heard := New(), 0
	for range 20 {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		came := make(chan struct{})
		go func() {
			_, _ = r.Read(make([]byte, 1))
			close(came)
		}()
		time.Sleep(time.Millisecond) // until it waits
		_, _ = w.Write([]byte{0})
		p.Poll()
		select {
		case <-came:
			heard++
		default:
		}
		w.Close()
		<-came
		r.Close()
	}
	if heard < 15 { // the runtime may have something else to do
		t.Errorf("%d of 20 went on when the runtime looked", heard)
	}
}

// Who finds another polling does not wait for it, nor does one who has no pipe.
func TestPollIsShared(t *testing.T) {
	t.Parallel()

	p := New()
	p.mu.Lock()
	p.Poll()
	p.mu.Unlock()
	p.Poll()
	new(Poller).Poll()
}
