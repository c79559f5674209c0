package digest_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/digest"
)

// A fakeEmbedder has one vector for texts with a word and another for all others.
type fakeEmbedder struct {
	word   string
	wait   chan struct{} // if not nil, a call waits for it
	err    error
	panics bool

	mu    sync.Mutex
	asked [][]string
}

func (c *fakeEmbedder) Embed(_ context.Context, texts []string) ([][]float32, error) {
	c.mu.Lock()
	c.asked = append(c.asked, texts)
	c.mu.Unlock()
	if c.wait != nil {
		<-c.wait
	}
	if c.panics {
		panic("a bug")
	}
	all := make([][]float32, len(texts))
	for i, text := range texts {
		all[i] = []float32{0, 1}
		if strings.Contains(strings.ToLower(text), c.word) {
			all[i] = []float32{1, 0}
		}
	}
	return all, c.err
}

func (c *fakeEmbedder) wantCalls(t *testing.T, want int) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.asked) != want {
		t.Errorf("the model was asked %d times, want %d", len(c.asked), want)
	}
}

func scoresOf(found []digest.Topic) map[string]float64 {
	scores := map[string]float64{}
	for _, f := range found {
		scores[f.Text] = f.Score
	}
	return scores
}

// TestTopicsNearToTheWhole has a model for which the conversation is about the
// navigation.
func TestTopicsNearToTheWhole(t *testing.T) {
	t.Parallel()

	plain := topics(t, newCache(t, launch(), digest.Options{}), call)
	model := &fakeEmbedder{word: "navigation"}
	near := topics(t, newCache(t, launch(), digest.Options{Embedder: model}), call)
	before, after := scoresOf(plain), scoresOf(near)
	if after["navigation system"] <= before["navigation system"] || after["budget review"] >= before["budget review"] {
		t.Errorf("scores went from %v to %v, want the navigation system to rise and the budget review to fall", before, after)
	}
	if len(near) != len(plain) {
		t.Errorf("%d topics, want %d as without a model", len(near), len(plain))
	}
	if !slices.IsSortedFunc(near, func(a, b digest.Topic) int { return int(1e6 * (b.Score - a.Score)) }) {
		t.Errorf("topics %+v, want the highest score first", near)
	}
	texts := textsOf(near)
	for _, f := range near {
		if f.Score <= 0 || f.Score >= 1 {
			t.Errorf("score %v of %s, want it between 0 and 1", f.Score, f.Text)
		}
		for _, parent := range f.Parents {
			if !slices.Contains(texts, parent) {
				t.Errorf("%s has the parent %s, which is no topic", f.Text, parent)
			}
		}
	}
	again := topics(t, newCache(t, launch(), digest.Options{Embedder: &fakeEmbedder{word: "navigation"}}), call)
	if diff := cmp.Diff(near, again); diff != "" {
		t.Errorf("the same conversation has other topics (-first +second):\n%s", diff)
	}
}

// TestModelChoosesAmongMore has more phrases than topics, of which the model
// brings one up that is none without it.
func TestModelChoosesAmongMore(t *testing.T) {
	t.Parallel()

	a := said("Falcons, lizards, badgers, donkeys and parrots.", "Turtles, monkeys, rabbits, dolphins and zebras.", "Beetles, spiders, pigeons, walruses and goats.")
	plain := textsOf(topics(t, newCache(t, a, digest.Options{}), call))
	model := &fakeEmbedder{word: "goats"}
	topics(t, newCache(t, a, digest.Options{Embedder: model}), call)
	if slices.Contains(plain, "goats") {
		t.Fatalf("goats are among %q without a model", plain)
	}
	if asked := model.asked[0]; len(asked) <= 2*len(plain) || !slices.Contains(asked, "goats") {
		t.Fatalf("the model was asked for %q, want many more than %d", asked, len(plain))
	}
	near := textsOf(topics(t, newCache(t, a, digest.Options{Embedder: &oneAgainstAll{word: "goats"}}), call))
	if !slices.Contains(near, "goats") || len(near) != len(plain) {
		t.Errorf("topics %q, want goats among %d", near, len(plain))
	}
}

// TestParentsAreTopics has a phrase within another that the model takes for the
// least of all.
func TestParentsAreTopics(t *testing.T) {
	t.Parallel()

	a := said("Falcons, lizards, badgers, donkeys and parrots.", "Turtles, monkeys, rabbits, dolphins and zebras.",
		"Beetles, spiders, pigeons, walruses and mountain goats.", "Goats.")
	parents := func(found []digest.Topic) []string {
		i := slices.IndexFunc(found, func(f digest.Topic) bool { return f.Text == "mountain goats" })
		if i < 0 {
			t.Fatalf("topics %q, want mountain goats among them", textsOf(found))
		}
		return found[i].Parents
	}
	if plain := parents(topics(t, newCache(t, a, digest.Options{}), call)); !slices.Contains(plain, "goats") {
		t.Fatalf("parents %q, want goats without a model", plain)
	}
	near := topics(t, newCache(t, a, digest.Options{Embedder: &oneAgainstAll{word: "mountain goats", against: "goats"}}), call)
	if got := parents(near); slices.Contains(textsOf(near), "goats") || slices.Contains(got, "goats") {
		t.Errorf("topics %q and the parents %q, want goats in neither", textsOf(near), got)
	}
}

// oneAgainstAll has one vector for a word and for whole sentences, and the
// opposite for another word.
type oneAgainstAll struct{ word, against string }

func (o *oneAgainstAll) Embed(_ context.Context, texts []string) ([][]float32, error) {
	all := make([][]float32, len(texts))
	for i, text := range texts {
		all[i] = []float32{0, 1}
		if text == o.word || strings.HasSuffix(text, ".") {
			all[i] = []float32{1, 0}
		}
		if text == o.against {
			all[i] = []float32{-1, 0}
		}
	}
	return all, nil
}

// TestVocabularyKeepsItsScores has a phrase of the caller that is far from the
// whole.
func TestVocabularyKeepsItsScores(t *testing.T) {
	t.Parallel()

	plain := topics(t, newCache(t, launch(), digest.Options{}), call, "monday")
	near := topics(t, newCache(t, launch(), digest.Options{Embedder: &fakeEmbedder{word: "navigation"}}), call, "monday")
	if before, after := scoresOf(plain)["monday"], scoresOf(near)["monday"]; before != after || after == 0 {
		t.Errorf("the score of the vocabulary went from %v to %v, want it to stay", before, after)
	}
}

func TestNoTopicsNoModel(t *testing.T) {
	t.Parallel()

	model := &fakeEmbedder{}
	if found := topics(t, newCache(t, said(), digest.Options{Embedder: model}), call); len(found) > 0 {
		t.Errorf("topics %v of nothing", found)
	}
	model.wantCalls(t, 0)
}

// TestModelIsSlow has readers not wait for it for long, and what it says kept
// all the same, from one call.
func TestModelIsSlow(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		plain := topics(t, newCache(t, launch(), digest.Options{}), call)
		model := &fakeEmbedder{word: "navigation", wait: make(chan struct{})}
		d := newCache(t, launch(), digest.Options{Embedder: model})
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				began := time.Now()
				got := allTopics(t, d, call)
				if diff := cmp.Diff(digest.Topics{All: plain, Interim: true}, got); diff != "" || time.Since(began) != 5*time.Second {
					t.Errorf("after %v (-local +got):\n%s", time.Since(began), diff)
				}
			})
		}
		all.Wait()
		gone, hangUp := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, hangUp)
		if _, err := d.Topics(gone, "ann", call, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("who hung up got %v", err)
		}
		hurried, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		if got, err := d.Topics(hurried, "ann", call, nil); err != nil || !got.Interim || time.Since(began) >= 3*time.Second {
			t.Errorf("who had three seconds got %v after %v, want the local topics before they were over", err, time.Since(began))
		}
		close(model.wait)
		synctest.Wait()
		if got := allTopics(t, d, call); got.Interim || cmp.Equal(plain, got.All) {
			t.Error("what the model said is not kept")
		}
		model.wantCalls(t, 1)
	})
}

// TestModelThatFails has the local topics stand for half a minute, and the
// model used when it is back.
func TestModelThatFails(t *testing.T) {
	t.Parallel()

	for _, panics := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			plain := topics(t, newCache(t, launch(), digest.Options{}), call)
			model := &fakeEmbedder{word: "navigation", err: errors.New("away"), panics: panics}
			d := newCache(t, launch(), digest.Options{Embedder: model, Log: slog.New(slog.NewTextHandler(&log, nil))})
			for range 3 {
				if diff := cmp.Diff(digest.Topics{All: plain, Interim: true}, allTopics(t, d, call)); diff != "" {
					t.Errorf("topics (-local +got):\n%s", diff)
				}
				time.Sleep(9 * time.Second)
			}
			model.wantCalls(t, 1)
			if text := log.String(); strings.Count(text, "model gave no digest") != 1 || !strings.Contains(text, "digest=topics") {
				t.Errorf("logged %q, want one line", text)
			}
			model.err, model.panics = nil, false
			time.Sleep(3 * time.Second)
			if got := allTopics(t, d, call); got.Interim || cmp.Equal(plain, got.All) {
				t.Error("the model is not used when it is back")
			}
			time.Sleep(time.Hour)
			topics(t, d, call)
			model.wantCalls(t, 2)
		})
	}
}
