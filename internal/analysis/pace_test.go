package analysis_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
)

// A slowContext lets a millisecond pass each time it is asked whether it is done.
type slowContext struct{ context.Context } //nolint:containedctx // it is one

func (c slowContext) Err() error {
	time.Sleep(time.Millisecond)
	return c.Context.Err()
}

// A long analysis rests every two milliseconds, of its splitting and of what it does with
// the sentences; a short one does not.
func TestRests(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct{ messages, rests int }{{1, 0}, {2, 0}, {100, 2 * 49}} {
			in, rests := analysis.Input{JobID: "a", AcceptedAt: monday, Utterances: slices.Repeat([]analysis.Utterance{{Text: "Hi."}}, tt.messages)}, 0
			ctx := slowContext{analysis.WithRests(t.Context(), func() { rests++ })}
			if _, err := e.Analyze(ctx, in); err != nil || rests != tt.rests {
				t.Errorf("an analysis of %d messages has %d rests, %v; want %d", tt.messages, rests, err, tt.rests)
			}
		}
		if _, err := e.Analyze(slowContext{t.Context()}, analysis.Input{Utterances: slices.Repeat([]analysis.Utterance{{Text: "Hi."}}, 9)}); err != nil {
			t.Error(err)
		}
	})
}
