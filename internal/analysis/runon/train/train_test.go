package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/runon"
)

// TestRun makes weights from little text, twice the same, and has them be a model.
func TestRun(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file("others.txt", strings.Repeat("Thanks for that. Can you come over? I will wait for you.\nno mark at the end of this one\n", 20))
	r := recipe{
		labelled:      file("labelled", "read\tchat\t-\tI will wait.\nkept\tchat\t-\tNobody reads this.\n"),
		conversations: file("conversations", "== a | en | 2026-11-18T10:00 | call\nwho: Ann\nAnn: Thanks. {q}\n+ I will wait.\nBen: Can you come? {q}\n== c | en | 2026-11-18T10:00 | call\nBen: Thanks. {q}\n+ I will come.\n== b | de | 2026-11-18T10:00 | call\nAnn: Danke.\n"),
		turns:         file("turns", "Ann, can you come? I will wait.\n"),
		names:         file("names", "# Names.\nann\n"),
		words:         20, repeat: 2, sentences: 1, repeatTurns: 2, most: 1000, kin: 100, last: 1, folds: 2, opts: runon.Options{Rounds: 1, Rate: 0.02},
	}
	var made [2][]byte
	for n := range made {
		r.to = t.TempDir()
		if err := r.run(folder); err != nil {
			t.Fatal(err)
		}
		vocabulary, err := os.ReadFile(filepath.Join(r.to, "words.txt"))
		if err != nil {
			t.Fatal(err)
		}
		if made[n], err = os.ReadFile(filepath.Join(r.to, "weights.gz")); err != nil {
			t.Fatal(err)
		}
		if _, err := runon.Unpack(string(vocabulary), made[n]); err != nil {
			t.Error(err)
		}
		for word, want := range map[string]bool{"\nwait\n": true, "\ncome\n": true, "\nnobody\n": false, "\nmark\n": false, "\ndanke\n": false} {
			if strings.Contains(string(vocabulary), word) != want {
				t.Errorf("the vocabulary %q has %q: %t, want %t", vocabulary, word, !want, want)
			}
		}
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("the same text made other weights")
	}
	if err := r.run(filepath.Join(folder, "[")); err == nil {
		t.Error("no error for a folder that cannot be listed")
	}
}

func TestReadConversations(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "turns.txt")
	if err := os.WriteFile(path, []byte("# Notes.\n== a | en | x | y\nkey: a; b\nDr. Bo: One, two. {q}\n+ Three. {a -}\nAl: Four.\n== b | de | x | y\nBo: Eins.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := readConversations(path)
	if err != nil || len(all) != 1 || len(all[0]) != 2 {
		t.Fatalf("readConversations = %+v, %v; want one of two turns", all, err)
	}
	if got, want := all[0][0].Begins, []runon.Begin{runon.No, runon.Part, runon.Yes}; !slices.Equal(got, want) {
		t.Errorf("the words of the first turn begin sentences as %v, want %v", got, want)
	}
	if _, err := readConversations(path + "x"); err == nil {
		t.Error("no error for a file that there is not")
	}
}
