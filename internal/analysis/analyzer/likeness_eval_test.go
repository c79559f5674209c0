package analyzer_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/analyzer"
	"github.com/turnwise/turnwise/internal/analysis/inference"
	"github.com/turnwise/turnwise/internal/jobs"
)

var (
	evalData  = flag.String("likeness.data", "", "folder with data_full.json of CLINC150")
	evalURL   = flag.String("likeness.url", "", "server of the model to measure, as in http://127.0.0.1:11434/v1")
	evalModel = flag.String("likeness.model", "", "embedding model of that server")
)

// TestEval measures what a model of yours makes of trackers: 30 intents are
// one each, with 5 utterances as vocabulary, and other utterances, also some
// that have none of the intents, should be matched by their own only.
//
//	go test ./internal/analysis/analyzer -run TestEval -v -likeness.data DIR -likeness.url URL -likeness.model NAME
func TestEval(t *testing.T) {
	if *evalData == "" || *evalURL == "" {
		t.Skip("no -likeness.data, -likeness.url and -likeness.model")
	}
	trackers, said, intents := readIntents(t)
	model := inference.New(inference.Options{URL: *evalURL, EmbeddingModel: *evalModel, Timeout: 10 * time.Minute, Key: os.Getenv("TURNWISE_MODEL_KEY")})
	task := tracked(trackers, said...)
	task.Input.Options.ConfidenceThreshold = new(float64)
	r, err := analyzer.NewEmbeddings(jobs.Local{}, model, quiet()).Analyze(t.Context(), task)
	if err != nil || !slices.Contains(r.Analyzers, "embeddings") {
		t.Fatalf("the model was not used: %v", err)
	}
	type hit struct {
		score float64
		right bool
	}
	var hits []hit
	for _, s := range r.Sentences {
		for _, m := range s.Matches {
			hits = append(hits, hit{m.Score, m.Name == intents[s.Utterance]})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	all, right, precision := 0, 0.0, 0.0
	for _, intent := range intents {
		if intent != "" {
			all++
		}
	}
	lines := []float64{0.7, 0.5, 0.3, 0}
	for i, h := range hits {
		for len(lines) > 0 && h.score < lines[0] {
			t.Logf("score %.1f and more: precision %.2f, recall %.2f", lines[0], right/float64(max(1, i)), right/float64(all))
			lines = lines[1:]
		}
		if h.right {
			right++
			precision += right / float64(i+1)
		}
	}
	t.Logf("average precision %.3f of %d utterances, %d with an intent", precision/float64(all), len(said), all)
}

// readIntents returns trackers, and utterances with the name of the tracker
// that should match, empty if none.
func readIntents(t *testing.T) (trackers []analysis.Tracker, said, intents []string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(*evalData, "data_full.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lists map[string][][2]string
	if err := json.Unmarshal(raw, &lists); err != nil {
		t.Fatal(err)
	}
	learn, test := map[string][]string{}, map[string][]string{}
	for _, u := range lists["train"] {
		learn[u[1]] = append(learn[u[1]], u[0])
	}
	for _, u := range lists["test"] {
		test[u[1]] = append(test[u[1]], u[0])
	}
	random := rand.New(rand.NewPCG(1, 1))
	names := slices.Sorted(maps.Keys(learn))
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names[:30] {
		tracker := analysis.Tracker{Name: name}
		for _, n := range random.Perm(len(learn[name]))[:5] {
			tracker.Vocabulary = append(tracker.Vocabulary, learn[name][n])
		}
		trackers = append(trackers, tracker)
		for _, text := range test[name] {
			said, intents = append(said, text), append(intents, name)
		}
	}
	for _, u := range lists["oos_test"][:300] {
		said, intents = append(said, u[0]), append(intents, "")
	}
	return trackers, said, intents
}
