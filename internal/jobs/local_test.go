package jobs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/jobs"
)

// With an engine, insights are found; without one, the text is only split.
func TestLocalHasItsEngineAnalyze(t *testing.T) {
	t.Parallel()

	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := analysis.New(lex)
	if err != nil {
		t.Fatal(err)
	}
	input := analysis.Input{
		JobID: "j", AcceptedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		Utterances: []analysis.Utterance{{Text: "Hello. Who will send the report by Friday?"}},
	}
	found, err := engine.Analyze(t.Context(), input)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		engine *analysis.Engine
		want   analysis.Result
	}{
		{"with an engine", engine, found},
		{"without one", nil, analysis.Analyze(input)},
	}
	if len(tests[0].want.Insights) == 0 || len(tests[1].want.Insights) != 0 {
		t.Fatal("the text is to have insights for an engine only")
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got, err := jobs.Local{Engine: tt.engine}.Analyze(t.Context(), jobs.Task{Input: input})
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Analyzers = []string{"local"}
			equal(t, "result", got, tt.want)
		})
	}
}

// TestLocalStops has an analysis whose job is lost.
func TestLocalStops(t *testing.T) {
	t.Parallel()

	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := analysis.New(lex)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	input := analysis.Input{Utterances: []analysis.Utterance{{Text: "Hello."}}}
	if got, err := (jobs.Local{Engine: engine}).Analyze(ctx, jobs.Task{Input: input}); !errors.Is(err, context.Canceled) || len(got.Sentences) > 0 {
		t.Errorf("Analyze = %d sentences, %v; want none and that it was cancelled", len(got.Sentences), err)
	}
}

// What an account uses is counted: its text, and how long the analysis worked, but
// not how long it waited.
func TestUseOfAnAccount(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.submit("", "Hello.")
		w.work(w.runner(waiting(time.Hour/2), jobs.RunnerOptions{Lease: time.Hour, Meter: w.meter}))
		used := w.meter.used[account]
		if used.bytes != len("Hello.") || used.worked <= 0 || used.worked > time.Minute {
			t.Errorf("used %+v, want the bytes of the text, and a little work", used)
		}
	})
}

// waiting is an analyzer that waits before it works.
type waiting time.Duration

func (d waiting) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	if err := pause(ctx, time.Duration(d)); err != nil {
		return analysis.Result{}, err
	}
	return jobs.Local{}.Analyze(ctx, t)
}
