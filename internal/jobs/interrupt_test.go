package jobs

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/quota"
)

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
	s, rests := NewShared(Local{Engine: engine}, 1, quota.New(1)), 0
	s.rest = func() { // while the account may compute something else
		end, err := s.turns.Take(t.Context(), "")
		if err != nil {
			t.Error(err)
			return
		}
		end()
		rests++
	}
	task := Task{Input: analysis.Input{Utterances: slices.Repeat([]analysis.Utterance{{Text: "We will meet on Monday."}}, 20)}}
	if _, err := s.Analyze(slowly{t.Context()}, task); err != nil || rests < 10 {
		t.Errorf("an analysis of 60 ms is interrupted %d times, %v; want 10 times or more", rests, err)
	}
	if _, err := s.turns.Take(t.Context(), ""); err != nil { // which would wait if one were left
		t.Error(err)
	}
}

// slowly takes time whenever it is asked whether it is done.
type slowly struct{ context.Context } //nolint:containedctx // it is one

func (s slowly) Err() error {
	time.Sleep(1500 * time.Microsecond)
	return s.Context.Err()
}
