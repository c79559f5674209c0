package analyzer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/analyzer"
	"github.com/turnwise/turnwise/internal/analysis/inference"
	"github.com/turnwise/turnwise/internal/analysis/inference/modeltest"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

var _ jobs.Analyzer = (*analyzer.Embeddings)(nil)

// here returns the analysis of this process.
func here(tb testing.TB) jobs.Local {
	tb.Helper()
	return jobs.Local{Engine: engine()}
}

// vectorServer returns a client of a server that knows what words are used
// alike, unless there is a handler.
func vectorServer(tb testing.TB, h http.Handler, timeout time.Duration) *inference.Client {
	tb.Helper()
	if h == nil {
		var err error
		if h, err = modeltest.Vectors(); err != nil {
			tb.Fatal(err)
		}
	}
	srv := httptest.NewServer(h)
	tb.Cleanup(srv.Close)
	transport := &http.Transport{}
	tb.Cleanup(transport.CloseIdleConnections)
	return inference.New(inference.Options{URL: srv.URL + "/v1", EmbeddingModel: "words", Timeout: timeout, Transport: transport})
}

// tracked is a job with trackers, of which each utterance is one sentence.
func tracked(trackers []analysis.Tracker, said ...string) jobs.Task {
	t := jobs.Task{JobID: jobID, Account: "acme", Input: analysis.Input{JobID: jobID, Options: analysis.Options{Trackers: trackers}}}
	for _, text := range said {
		t.Input.Utterances = append(t.Input.Utterances, analysis.Utterance{Text: text})
	}
	return t
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// matches returns what was found: tracker, term and offset of each match, by
// sentence.
func matches(r analysis.Result) (all [][]string) {
	for _, s := range r.Sentences {
		found := []string{}
		for _, m := range s.Matches {
			found = append(found, fmt.Sprint(m.Name, ":", m.Term, ":", m.Offset))
		}
		all = append(all, found)
	}
	return all
}

func TestLikeness(t *testing.T) {
	t.Parallel()

	leave := analysis.Tracker{Name: "leave", Vocabulary: []string{"cancel it", "terminate the contract"}}
	saved := analysis.Tracker{ID: "7", Name: "saved", Vocabulary: leave.Vocabulary}
	except := func(terms ...string) analysis.Tracker {
		t := leave
		t.ExcludeVocabulary = terms
		return t
	}
	tests := []struct {
		name     string
		trackers []analysis.Tracker
		said     string
		want     []string
	}{
		{name: "a paraphrase", trackers: []analysis.Tracker{leave}, said: "We would end the agreement.", want: []string{"leave:terminate the contract:-1"}},
		{name: "something else", trackers: []analysis.Tracker{leave}, said: "The dog barked at the weather.", want: []string{}},
		{name: "a saved one", trackers: []analysis.Tracker{saved}, said: "We would end the agreement.", want: []string{"saved:terminate the contract:-1"}},
		{name: "each of two", trackers: []analysis.Tracker{saved, leave}, said: "We would end the agreement.", want: []string{"saved:terminate the contract:-1", "leave:terminate the contract:-1"}},
		{name: "said literally", trackers: []analysis.Tracker{leave}, said: "They terminate the contract.", want: []string{"leave:terminate the contract:5"}},
		{name: "excluded literally", trackers: []analysis.Tracker{except("WE would")}, said: "We would end the agreement.", want: []string{}},
		{name: "nearer to what is excluded", trackers: []analysis.Tracker{except("would end an agreement")}, said: "We would end the agreement.", want: []string{}},
		{name: "far from what is excluded", trackers: []analysis.Tracker{except("bake a cake")}, said: "We would end the agreement.", want: []string{"leave:terminate the contract:-1"}},
		{name: "blank terms", trackers: []analysis.Tracker{{Name: "t", Vocabulary: []string{" ", "terminate the contract"}, ExcludeVocabulary: []string{"\t"}}}, said: "We would end the agreement.", want: []string{"t:terminate the contract:-1"}},
		{name: "only excluded terms", trackers: []analysis.Tracker{{Name: "t", ExcludeVocabulary: []string{"terminate the contract"}}}, said: "We would end the agreement.", want: []string{}},
	}
	model := vectorServer(t, nil, 0)
	l := analyzer.NewEmbeddings(here(t), model, quiet())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			r, err := l.Analyze(t.Context(), tracked(tt.trackers, "The sky is blue.", tt.said))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([][]string{{}, tt.want}, matches(r)); diff != "" {
				t.Errorf("matches (-want +got):\n%s", diff)
			}
			for _, m := range r.Sentences[1].Matches {
				if m.Score < 0.5 || m.Score > 1 || !conversation.ValidID(m.Tracker) || m.Tracker != analysis.TrackerID(tt.trackers[slices.IndexFunc(tt.trackers, func(t analysis.Tracker) bool { return t.Name == m.Name })]) {
					t.Errorf("match %+v, want the tracker's id and a score of 0.5 to 1", m)
				}
			}
		})
	}
}

// A space has the vectors that a test gives to texts; all others, also those of
// the background, are nearly the same.
type space struct {
	of    map[string][]float32
	rest  []float32 // of all other texts; that of the third axis if nil
	asked [][]string
	err   error
}

func (s *space) EmbedFor(_ context.Context, _ string, texts []string) ([][]float32, error) {
	s.asked = append(s.asked, texts)
	all := make([][]float32, len(texts))
	for i, text := range texts {
		if all[i] = s.of[text]; all[i] == nil {
			all[i] = []float32{0, 0, 1}
			if s.rest != nil {
				all[i] = slices.Clone(s.rest)
			}
		}
	}
	return all, s.err
}

// at returns a vector whose cosine with that of the first axis is this.
func at(cosine float32) []float32 { return []float32{cosine, 1 - cosine*cosine, 0} }

// TestScore goes up the scale of a term that has a cosine of 0 with every
// sentence about nothing in particular, so that its deviation is the least that
// is used: 0.005.
func TestScore(t *testing.T) {
	t.Parallel()

	all, some := 0.0, 0.7
	tests := []struct {
		cosine    float32
		threshold *float64
		want      float64 // 0 is no match
	}{
		{cosine: 0.024},
		{cosine: 0.0251, want: 0.507},
		{cosine: 0.0251, threshold: &some},
		{cosine: 0.03, threshold: &some, want: 0.802},
		{cosine: 0.015, threshold: &all, want: 0.057},
		{cosine: 0.0142, threshold: &all}, // less than 0.05 is nothing
		{cosine: 1, want: 1},
		{cosine: -1, threshold: &all},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.cosine), func(t *testing.T) {
			t.Parallel()

			s := &space{of: map[string][]float32{"term": {1, 0, 0}, "Said.": at(tt.cosine)}}
			task := tracked([]analysis.Tracker{{Name: "t", Vocabulary: []string{"term"}}}, "Said.")
			task.Input.Options.ConfidenceThreshold = tt.threshold
			r, err := analyzer.NewEmbeddings(jobs.Local{}, s, quiet()).Analyze(t.Context(), task)
			if err != nil {
				t.Fatal(err)
			}
			got := 0.0
			if m := r.Sentences[0].Matches; len(m) > 0 {
				got = m[0].Score
			}
			if got != tt.want {
				t.Errorf("score %v, want %v", got, tt.want)
			}
		})
	}
}

// TestScaleIsTheTerms has a term that is near to the sentence, and as near to
// everything; and one that is not as near to either.
func TestScaleIsTheTerms(t *testing.T) {
	t.Parallel()

	s := &space{of: map[string][]float32{"rare": {1, 0, 0}, "common": {0.6, 0, 0.8}, "odd": {0.6, 0.77, 0.2}, "Said.": {0.96, 0, 0.28}}}
	r, err := analyzer.NewEmbeddings(jobs.Local{}, s, quiet()).Analyze(t.Context(),
		tracked([]analysis.Tracker{{Name: "a", Vocabulary: []string{"common"}}, {Name: "b", Vocabulary: []string{"common", "rare"}}, {Name: "c", Vocabulary: []string{"odd"}}}, "Said."))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"b:rare:-1", "c:odd:-1"}}, matches(r)); diff != "" {
		t.Errorf("matches (-want +got):\n%s", diff)
	}
}

// TestModelIsReplaced has the term next to everything for the second model, whose
// vectors have one more number. The background is asked for once of each.
func TestModelIsReplaced(t *testing.T) {
	t.Parallel()

	s := &space{of: map[string][]float32{"term": {1, 0, 0}, "Said.": {1, 0, 0}}}
	l := analyzer.NewEmbeddings(jobs.Local{}, s, quiet())
	task := tracked([]analysis.Tracker{{Name: "t", Vocabulary: []string{"term"}}}, "Said.")
	for _, want := range [][][]string{{{"t:term:-1"}}, {{}}} {
		r, err := l.Analyze(t.Context(), task)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, matches(r)); diff != "" {
			t.Errorf("matches (-want +got):\n%s", diff)
		}
		s.of = map[string][]float32{"term": {1, 0, 0, 0}, "Said.": {1, 0, 0, 0}}
		s.rest = []float32{1, 0, 0, 0}
		if _, err = l.Analyze(t.Context(), task); err != nil {
			t.Fatal(err)
		}
	}
	if large := slices.DeleteFunc(s.asked, func(texts []string) bool { return len(texts) < 10 }); len(large) != 2 {
		t.Errorf("the background was asked for %d times, want twice", len(large))
	}
}

// TestAnalyzersAreNamed says when vectors were used.
func TestAnalyzersAreNamed(t *testing.T) {
	t.Parallel()

	one := []analysis.Tracker{{Name: "t", Vocabulary: []string{"canary"}}}
	many := []analysis.Tracker{{Name: "t"}}
	for i := range 2000 {
		many[0].Vocabulary = append(many[0].Vocabulary, fmt.Sprint("canary ", i))
	}
	tests := []struct {
		name     string
		trackers []analysis.Tracker
		said     []string
		err      error
		want     []string
		logs     string
	}{
		{name: "used", trackers: one, said: []string{"A."}, want: []string{"local", "embeddings"}},
		{name: "no tracker", said: []string{"A."}, want: []string{"local"}},
		{name: "no text", trackers: one, want: []string{"local"}},
		{name: "too many sentences", trackers: one, said: slices.Repeat([]string{"A."}, 2001), want: []string{"local"}, logs: "job too large for embeddings"},
		{name: "too many texts", trackers: slices.Repeat(many, 3), said: []string{"A."}, want: []string{"local"}, logs: "job too large for embeddings"},
		{name: "too many pairs", trackers: many, said: slices.Repeat([]string{"A."}, 501), want: []string{"local"}, logs: "job too large for embeddings"},
		{name: "failed", trackers: one, said: []string{"A."}, err: errors.New("away"), want: []string{"local"}, logs: "embeddings not used"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var log bytes.Buffer
			s := &space{err: tt.err}
			task := tracked(tt.trackers, tt.said...)
			r, err := analyzer.NewEmbeddings(jobs.Local{}, s, slog.New(slog.NewTextHandler(&log, nil))).Analyze(t.Context(), task)
			if err != nil || !slices.Equal(r.Analyzers, tt.want) {
				t.Errorf("analyzers %q, %v, want %q", r.Analyzers, err, tt.want)
			}
			if lines := strings.Count(log.String(), "\n"); tt.logs == "" && lines != 0 || tt.logs != "" && (lines != 1 || !strings.Contains(log.String(), tt.logs)) {
				t.Errorf("logged %q, want one line with %q, if any", log.String(), tt.logs)
			}
			if strings.Contains(log.String(), "canary") {
				t.Errorf("a term was logged: %s", log.String())
			}
		})
	}
}

// TestMatchesOfAJobAreBounded has a sentence again and again that all of many
// trackers match.
func TestMatchesOfAJobAreBounded(t *testing.T) {
	t.Parallel()

	var all []analysis.Tracker
	for i := range 500 {
		all = append(all, analysis.Tracker{Name: fmt.Sprint(i), Vocabulary: []string{"terminate the contract"}})
	}
	task := tracked(all, slices.Repeat([]string{"We would end the agreement."}, 200)...)
	r, err := analyzer.NewEmbeddings(jobs.Local{}, vectorServer(t, nil, 0), quiet()).Analyze(t.Context(), task)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, found := range matches(r) {
		n += len(found)
	}
	if n != analysis.MaxItems {
		t.Errorf("%d matches, want %d of the 100000 that there would be", n, analysis.MaxItems)
	}
}

// TestModelThatFails has the local result stand, whatever the server does.
func TestModelThatFails(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name   string
		answer http.HandlerFunc
	}{
		{"broken", answer(500, "no")},
		{"overloaded", answer(429, "")},
		{"nonsense", answer(200, "<html>")},
		{"too few vectors", answer(200, `{"data":[{"index":0,"embedding":[1]}]}`)},
		{"silent", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // so that the end of the call is noticed
			<-r.Context().Done()
		}},
	}
	engine := here(t)
	task := tracked([]analysis.Tracker{{Name: "t", Vocabulary: []string{"terminate the contract"}}}, "We would end the agreement.", "They terminate the contract.")
	want, err := engine.Analyze(t.Context(), task)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			r, err := analyzer.NewEmbeddings(engine, vectorServer(t, tt.answer, 200*time.Millisecond), quiet()).Analyze(t.Context(), task)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, r); diff != "" {
				t.Errorf("result (-local +got):\n%s", diff)
			}
		})
	}
}

// TestJobThatEnds has the job given up while the model is asked: then there is
// no result.
func TestJobThatEnds(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())
	model := vectorServer(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	}), time.Minute)
	_, err := analyzer.NewEmbeddings(jobs.Local{}, model, quiet()).Analyze(ctx, tracked([]analysis.Tracker{{Name: "t", Vocabulary: []string{"a"}}}, "B."))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want %v", err, context.Canceled)
	}
}

func TestErrorBelow(t *testing.T) {
	t.Parallel()

	s, wrong := &space{}, &jobs.PermanentError{Message: "no"}
	_, err := analyzer.NewEmbeddings(failing{wrong}, s, quiet()).Analyze(t.Context(), tracked([]analysis.Tracker{{Name: "t", Vocabulary: []string{"a"}}}, "B."))
	if !errors.Is(err, wrong) || len(s.asked) > 0 {
		t.Errorf("err = %v after %d calls of the model, want %v and none", err, len(s.asked), wrong)
	}
}

type failing struct{ err error }

func (f failing) Analyze(context.Context, jobs.Task) (analysis.Result, error) {
	return analysis.Result{}, f.err
}

// TestScoresAreShown gives the operator the means to see what a model makes of
// a tracker, matched or not, without a word of what was said.
func TestScoresAreShown(t *testing.T) {
	t.Parallel()

	var log bytes.Buffer
	l := analyzer.NewEmbeddings(here(t), vectorServer(t, nil, 0), slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	_, err := l.Analyze(t.Context(), tracked([]analysis.Tracker{{Name: "leave", Vocabulary: []string{"terminate the contract"}}},
		"We would end the agreement.", "The expenses exceeded our revenue."))
	if err != nil {
		t.Fatal(err)
	}
	text := log.String()
	if n := strings.Count(text, "tracker compared"); n != 1 || !strings.Contains(text, "cosine=0.4") || !strings.Contains(text, "match=true") || strings.Contains(text, "contract") {
		t.Errorf("logged\n%s\nwant one line with the cosine, and no text", text)
	}
}

// BenchmarkLikeness has 20 sentences and 50 terms of a model with 768
// dimensions, which answers at once.
func BenchmarkLikeness(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	model := &fixed{kept: map[string][]float32{}, random: r}
	tracker := analysis.Tracker{Name: "t"}
	for i := range 50 {
		tracker.Vocabulary = append(tracker.Vocabulary, fmt.Sprint("term ", i))
	}
	task := tracked([]analysis.Tracker{tracker})
	for i := range 20 {
		task.Input.Utterances = append(task.Input.Utterances, analysis.Utterance{Text: fmt.Sprint("Sentence ", i, ".")})
	}
	l := analyzer.NewEmbeddings(jobs.Local{}, model, quiet())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Analyze(b.Context(), task); err != nil {
			b.Fatal(err)
		}
	}
}

// A fixed model has a vector by chance for each text.
type fixed struct {
	kept   map[string][]float32
	random *rand.Rand
}

func (f *fixed) EmbedFor(_ context.Context, _ string, texts []string) ([][]float32, error) {
	all := make([][]float32, len(texts))
	for i, text := range texts {
		if f.kept[text] == nil {
			v := make([]float32, 768)
			for n := range v {
				v[n] = (f.random.Float32() - 0.5) / 8
			}
			f.kept[text] = v
		}
		all[i] = f.kept[text]
	}
	return all, nil
}
