package jobs

import (
	"context"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

// On one processor, which a goroutine never leaves by itself, another one that waits for
// what came over a connection goes on when the first one looks.
func TestLook(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	l, heard := newNetworkLook(), 0
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
		l.look()
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

// Who finds another looking does not wait for it, nor does one who has no pipe.
func TestLookIsShared(t *testing.T) {
	t.Parallel()

	l := newNetworkLook()
	l.mu.Lock()
	l.look()
	l.mu.Unlock()
	l.look()
	new(networkLook).look()
}

// An analyzer that accounts share interrupts what is long.
func TestSharedInterrupts(t *testing.T) {
	t.Parallel()

	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := analysis.New(lex)
	if err != nil {
		t.Fatal(err)
	}
	s, rests := NewShared(Local{Engine: engine}, 1), 0
	s.rest = func() { rests++ }
	task := Task{Input: analysis.Input{Utterances: slices.Repeat([]analysis.Utterance{{Text: "We will meet on Monday."}}, 20)}}
	if _, err := s.Analyze(slowly{t.Context()}, task); err != nil || rests < 10 {
		t.Errorf("an analysis of 60 ms is interrupted %d times, %v; want 10 times or more", rests, err)
	}
}

// slowly takes time whenever it is asked whether it is done.
type slowly struct{ context.Context } //nolint:containedctx // it is one

func (s slowly) Err() error {
	time.Sleep(1500 * time.Microsecond)
	return s.Context.Err()
}
