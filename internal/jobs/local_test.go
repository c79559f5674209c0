package jobs_test

import (
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
	tests := []struct {
		name   string
		engine *analysis.Engine
		want   analysis.Result
	}{
		{"with an engine", engine, engine.Analyze(input)},
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
