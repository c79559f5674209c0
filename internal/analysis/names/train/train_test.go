package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/corpus"
)

func TestRecipeSentences(t *testing.T) {
	t.Parallel()

	text := corpus.Corpus{
		Web: said("Web"), WebDev: said("WebDev"),
		Twitter:    map[rune][]names.Sentence{'a': said("A"), 'b': said("B")},
		TwitterDev: said("H"),
		Wiki:       [corpus.Quarters][]names.Sentence{said("W0"), said("W1"), said("W2"), said("W3")},
	}
	tests := []struct {
		name    string
		recipe  recipe
		without int
		want    string
	}{
		{name: "nothing but what is in each", without: corpus.Quarters, want: "Web W0 W1 W2 W3"},
		{name: "less a quarter", without: 2, want: "Web W0 W1 W3"},
		{name: "with a section", recipe: recipe{sections: "b"}, without: 0, want: "Web B W1 W2 W3"},
		{
			name: "with what is for development", recipe: recipe{sections: "ab", webDev: true, twitterDev: true}, without: corpus.Quarters,
			want: "Web A B WebDev H W0 W1 W2 W3",
		},
		{name: "all in lower case too", recipe: recipe{lower: 10}, without: 3, want: "Web W0 W1 W2 web w0 w1 w2"},
		{name: "some in lower and in upper case", recipe: recipe{lower: 4, upper: 3}, without: 3, want: "Web W0 W1 W2 web W0 w2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var got []string
			for _, s := range tt.recipe.sentences(text, tt.without) {
				got = append(got, s.Words...)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("sentences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTaken(t *testing.T) {
	t.Parallel()

	of := func(f1 float64) figures { return figures{web: {f1, f1}, twitter: {f1, f1}, wiki: {f1, f1}} }
	every := []int{web, twitter, wiki}
	tests := []struct {
		name         string
		alternatives []figures
		by           []int
		want         int
	}{
		{name: "none", by: every, want: -1},
		{name: "all are worse", alternatives: []figures{of(0.4), of(0.3)}, by: every, want: -1},
		{name: "better, but it may be luck", alternatives: []figures{of(0.501)}, by: every, want: -1},
		{name: "the best of two", alternatives: []figures{of(0.51), of(0.52)}, by: every, want: 1},
		{name: "the best comes first", alternatives: []figures{of(0.52), of(0.51)}, by: every, want: 0},
		{name: "better where it does not count", alternatives: []figures{{web: {0.4, 0.4}, twitter: {1, 1}, wiki: {0.5, 0.5}}}, by: []int{web, wiki}, want: -1},
		{name: "better in lower case alone", alternatives: []figures{{web: {0.5, 0.6}, wiki: {0.5, 0.5}}}, by: []int{web, wiki}, want: 0},
	}
	for _, tt := range tests {
		if got := taken(of(0.5), tt.alternatives, tt.by); got != tt.want {
			t.Errorf("%s: taken = %d, want %d", tt.name, got, tt.want)
		}
	}
}

// TestChoicesDiffer shows that each alternative differs from what it is an
// alternative to, and that none is listed twice.
func TestChoicesDiffer(t *testing.T) {
	t.Parallel()

	for _, c := range choices() {
		seen := map[recipe]string{start(): "as before"}
		for _, a := range c.alternatives {
			r := start()
			a.change(&r)
			if other, twice := seen[r]; twice {
				t.Errorf("%s: %q is the same as %q", c.name, a.name, other)
			}
			seen[r] = a.name
		}
	}
}

func TestRunWritesAModel(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	for _, file := range []string{
		"WNUT17/train/wnut17train.conll", "WNUT17/dev/emerging.dev.conll", "wikigold/wikigold.conll.txt",
		"BTC/a.conll", "BTC/b.conll", "BTC/e.conll", "BTC/f.conll", "BTC/g.conll", "BTC/h.conll",
	} {
		path := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("Ana B-PER\nleft O\nBonn B-LOC\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var files [2][]byte
	for n := range files {
		out := filepath.Join(dir, "model.gz")
		if err := run(out, false, []string{dir}, io.Discard); err != nil {
			t.Fatal(err)
		}
		var err error
		if files[n], err = os.ReadFile(out); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same text made two models")
	}
	if _, err := names.Unpack(files[0]); err != nil {
		t.Errorf("what was written is no model: %v", err)
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		out  string
		dev  bool
		args []string
	}{
		{name: "no folder", out: "x"},
		{name: "two folders", out: "x", args: []string{"a", "b"}},
		{name: "neither -o nor -dev", args: []string{"a"}},
		{name: "both -o and -dev", out: "x", dev: true, args: []string{"a"}},
		{name: "a folder without text", out: "x", args: []string{"/nowhere"}},
	}
	for _, tt := range tests {
		if err := run(tt.out, tt.dev, tt.args, io.Discard); err == nil {
			t.Errorf("%s: run = nil, want an error", tt.name)
		}
	}
}

func said(word string) []names.Sentence {
	return []names.Sentence{{Words: []string{word}, Types: []names.Type{""}, Begins: []bool{false}}}
}
