package inference_test

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/inference"
)

func embed(t *testing.T, c *inference.Client, texts ...string) [][]float32 {
	t.Helper()
	found, err := c.Embed(t.Context(), texts)
	if err != nil || len(found) != len(texts) {
		t.Fatalf("Embed = %d vectors, %v, want %d", len(found), err, len(texts))
	}
	return found
}

// TestEmbedRequest looks at what is sent, and at nothing of the environment in
// it.
func TestEmbedRequest(t *testing.T) {
	for _, name := range []string{"OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"} {
		t.Setenv(name, "http://canary.invalid")
	}
	s := newServer(t, nil)
	embed(t, s.client(t, inference.Options{Key: "secret"}), "one", "two")
	embed(t, s.client(t, inference.Options{}), "one")
	got := s.seen()
	if len(got) != 2 || got[0].path != "/v1/embeddings" || got[0].body["model"] != "small" || got[0].body["encoding_format"] != "float" {
		t.Fatalf("requests %v, want two for vectors of the model", got)
	}
	if texts := got[0].texts(); !slices.Equal(texts, []string{"one", "two"}) {
		t.Errorf("texts %q, want both in order", texts)
	}
	if with, without := got[0].header.Get("Authorization"), got[1].header.Values("Authorization"); with != "Bearer secret" || without != nil {
		t.Errorf("the key is sent as %q, and %q without one", with, without)
	}
	if text := fmt.Sprint(got); strings.Contains(text, "canary") {
		t.Errorf("the environment is in %s", text)
	}
}

func TestVectorsHaveLengthOneAndTheOrderOfTheTexts(t *testing.T) {
	t.Parallel()

	s := newServer(t, nil)
	texts := []string{"one", "two", "one", "three"}
	all := embed(t, s.client(t, inference.Options{}), texts...)
	for i, v := range all {
		square := 0.0
		for _, x := range v {
			square += float64(x) * float64(x)
		}
		if math.Abs(square-1) > 1e-5 {
			t.Errorf("the vector of %q has the length %v, want 1", texts[i], math.Sqrt(square))
		}
		alone := embed(t, s.client(t, inference.Options{}), texts[i])
		if diff := cmp.Diff(alone[0], v); diff != "" {
			t.Errorf("%q has another vector among others (-alone +among):\n%s", texts[i], diff)
		}
	}
	if sent := s.seen()[0].texts(); !slices.Equal(sent, []string{"one", "two", "three"}) {
		t.Errorf("sent %q, want each text once", sent)
	}
}

func TestVectorsAreKept(t *testing.T) {
	t.Parallel()

	s := newServer(t, nil)
	c := s.client(t, inference.Options{})
	first := embed(t, c, "one", "two")
	again := embed(t, c, "two", "three", "one")
	if &first[0][0] != &again[2][0] || &first[1][0] != &again[0][0] {
		t.Error("texts that were known have other vectors")
	}
	embed(t, c, "one", "two", "three")
	if got := s.seen(); len(got) != 2 || !slices.Equal(got[1].texts(), []string{"three"}) {
		t.Errorf("%d requests, want a second one for what is new and no third", len(got))
	}
	if found, err := c.Embed(t.Context(), nil); err != nil || len(found) != 0 {
		t.Errorf("Embed of nothing = %v, %v", found, err)
	}
}

// TestMemoryIsBounded keeps the latest vectors, and no more than fit: one of 8
// numbers takes 192 bytes.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()

	s := newServer(t, nil)
	c := s.client(t, inference.Options{Memory: 400})
	for _, text := range []string{"one", "two", "one", "three", "one", "two"} {
		embed(t, c, text)
	}
	var sent []string
	for _, r := range s.seen() {
		sent = append(sent, r.texts()...)
	}
	if want := []string{"one", "two", "three", "two"}; !slices.Equal(sent, want) {
		t.Errorf("sent %q, want %q: two are kept", sent, want)
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()

	many := func(n int, text string) (texts []string) {
		for i := range n {
			texts = append(texts, fmt.Sprint(i, " ", text))
		}
		return texts
	}
	tests := []struct {
		name  string
		texts []string
		want  []int // sizes, sorted
	}{
		{name: "as many as fit", texts: many(96, "short"), want: []int{96}},
		{name: "one more", texts: many(97, "short"), want: []int{1, 96}},
		{name: "long texts", texts: many(50, strings.Repeat("x", 1000)), want: []int{18, 32}},
		{name: "one that is too long", texts: many(1, strings.Repeat("é", 100_000)), want: []int{1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			s := newServer(t, nil)
			embed(t, s.client(t, inference.Options{}), tt.texts...)
			var sizes []int
			for _, r := range s.seen() {
				texts := r.texts()
				sizes = append(sizes, len(texts))
				for _, text := range texts {
					if len(text) > 1500 || !utf8.ValidString(text) || text != strings.TrimSpace(text) {
						t.Errorf("a text of %d bytes was sent, want 1500 whole ones at most", len(text))
					}
				}
			}
			slices.Sort(sizes)
			if !slices.Equal(sizes, tt.want) {
				t.Errorf("sizes of the requests %v, want %v", sizes, tt.want)
			}
		})
	}
}

// TestOwnersShareFairly has one owner bring more than is kept, and another one whose
// vector stays.
func TestOwnersShareFairly(t *testing.T) {
	t.Parallel()

	s := newServer(t, nil)
	c := s.client(t, inference.Options{Memory: 2000})
	ask := func(owner, text string) {
		t.Helper()
		if _, err := c.EmbedFor(t.Context(), owner, []string{text}); err != nil {
			t.Fatal(err)
		}
	}
	ask("small", "mine")
	for n := range 50 {
		ask("large", fmt.Sprint("text ", n))
	}
	before := len(s.seen())
	ask("small", "mine")
	if asked := len(s.seen()); asked != before {
		t.Error("one owner drove out the vector of another")
	}
	ask("large", "mine")
	if asked := len(s.seen()); asked != before+1 {
		t.Error("one owner is told by the time what another one has asked for")
	}
}

// TestModelChanges has a server whose model is replaced under its name.
func TestModelChanges(t *testing.T) {
	t.Parallel()

	long := false
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		if long {
			says(200, `{"data":[{"index":0,"embedding":[1,2,3]}]}`)(w, nil)
			return
		}
		says(200, `{"data":[{"index":0,"embedding":[1,2]}]}`)(w, nil)
	})
	c := s.client(t, inference.Options{})
	embed(t, c, "old")
	long = true
	if _, err := c.Embed(t.Context(), []string{"old", "new"}); inference.OutcomeOf(err) != inference.Invalid {
		t.Errorf("vectors of two lengths: %v, want it to be invalid", err)
	}
	if got := embed(t, c, "old"); len(got[0]) != 3 {
		t.Errorf("the vector has %d numbers afterwards, want the new model's 3", len(got[0]))
	}
}

func FuzzEmbed(f *testing.F) {
	for _, seed := range []string{
		`{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[0.5,-1e-3]}]}`,
		`{"data":[{"index":1,"embedding":[1,2]},{"index":1,"embedding":[3,4]}]}`,
		`{"data":[{"index":-1,"embedding":null}]}`, `{"data":null}`, `[]`, `<html>`, `{"data":[{"embedding":[1e39,1]},{"index":1,"embedding":[0,0]}]}`,
	} {
		f.Add(seed)
	}
	body := ""
	s := newServer(f, func(w http.ResponseWriter, _ *http.Request) { says(200, body)(w, nil) })
	f.Fuzz(func(t *testing.T, answer string) {
		body = answer
		found, err := s.client(t, inference.Options{}).Embed(t.Context(), []string{"one", "two"})
		if err != nil {
			if o := inference.OutcomeOf(err); o != inference.Invalid {
				t.Errorf("outcome %s of %q: %v", o, answer, err)
			}
			return
		}
		for _, v := range found {
			square := 0.0
			for _, x := range v {
				square += float64(x) * float64(x)
			}
			if len(v) != len(found[0]) || !(math.Abs(square-1) < 1e-3) {
				t.Errorf("vectors %v of %q", found, answer)
			}
		}
	})
}

// BenchmarkKept has everything known already, as the terms of trackers are.
func BenchmarkKept(b *testing.B) {
	s := newServer(b, nil)
	c := s.client(b, inference.Options{})
	var texts []string
	for i := range 200 {
		texts = append(texts, fmt.Sprint("a term of some words, number ", i))
	}
	if _, err := c.Embed(b.Context(), texts); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Embed(b.Context(), texts); err != nil {
			b.Fatal(err)
		}
	}
}
