package analysis_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/conversation"
)

func newEngine(tb testing.TB) *analysis.Engine {
	tb.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		tb.Fatal(err)
	}
	e, err := analysis.New(lex)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func TestX(t *testing.T) {
	e := newEngine(t)
	r := e.Analyze(analysis.Input{JobID: "a", AcceptedAt: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Options: analysis.Options{DetectEntities: true, DetectPhrases: true},
		Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Ann Lee"}, Text: "Hi Mike, Natalia here. Could you send me the report by Friday 5pm? I will call Steve at ABC Corp tomorrow. Mark will handle the invoice."}}})
	b, _ := json.MarshalIndent(r, "", " ")
	t.Logf("%s", b)
}

func BenchmarkEngine(b *testing.B) {
	e := newEngine(b)
	in := analysis.Input{JobID: "a", AcceptedAt: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Options: analysis.Options{DetectEntities: true, DetectPhrases: true},
		Utterances: []analysis.Utterance{{Text: "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Who would be the best possible person to discuss internships and student recruitment at ABC Corp? Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance for your help, I really appreciate it!"}}}
	b.ReportAllocs()
	for b.Loop() {
		e.Analyze(in)
	}
}
