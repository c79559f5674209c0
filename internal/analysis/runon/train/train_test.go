package main

import (
	"bytes"
	"os"
	"path/filepath"
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
		conversations: file("conversations", "== a | en | 2026-11-18T10:00 | call\nwho: Ann\nAnn: Thanks. {q}\n+ I will wait.\nBen: Can you come? {q}\n== b | de | 2026-11-18T10:00 | call\nAnn: Danke.\n"),
		turns:         file("turns", "Ann, can you come? I will wait.\n"),
		names:         file("names", "# Names.\nann\n"),
		words:         20, repeat: 2, sentences: 1, repeatTurns: 2, most: 1000, opts: runon.Options{Rounds: 1, Rate: 0.02},
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

func TestOwnTurns(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "turns.txt")
	if err := os.WriteFile(path, []byte("# Notes.\n== a | en | x | y\nkey: a; b\nDr. Bo: One two. {q}\n+ Three. {a -}\nAl: Four.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := ownTurns(path)
	if err != nil || len(all) != 2 || len(all[0].Said) != 3 || all[0].Begins[2] != runon.Yes || len(all[1].Said) != 1 {
		t.Errorf("ownTurns = %+v, %v; want turns of 3 words, the last of which begins a sentence, and of 1", all, err)
	}
}
