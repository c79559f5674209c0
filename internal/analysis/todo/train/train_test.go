package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/todo"
)

// written returns what is learned of examples, a line each.
func written(all []todo.Example) (lines []string) {
	for _, x := range all {
		line := ""
		for _, w := range x.Words {
			line += w.Text + " "
		}
		if x.Task {
			line += "task"
		}
		if x.Talk {
			line += " talk"
		}
		if len(x.Members.With("Ann")) > 0 {
			line += " beside Ann"
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

func TestExamples(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	r := recipe{
		labelled: file("labelled", "read\tchat\tqf\tCan you call?\ncheck\tchat\t-\tNobody reads this.\n"),
		conversations: file("conversations", "# Some.\n\n== a | en | 2026-11-18T10:00 | call\nwho: Eve\nkey: x\nsum: Ann calls.\nAnn: Thanks. {q}\n+ I will wait: here. {a Ann @2026-11-20}\nBen: Can you come? {q f Ann; a Ben}\n"+
			"== b | de | 2026-11-18T10:00 | call\nAnn: Danke. {a Ann}\n"),
		sentences: file("sentences", "# Some.\nf Ring him.\n- It rains.\n"),
	}
	got, err := r.examples()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Thanks .  beside Ann", "I will wait : here . task beside Ann", "Can you come ? task talk beside Ann", "Can you call ? task talk", "Ring him . task talk", "It rains ."}
	if diff := cmp.Diff(want, written(got)); diff != "" {
		t.Errorf("examples (-want +got):\n%s", diff)
	}
	r.to = filepath.Join(folder, "weights.gz")
	if err := r.run(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(r.to); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{file("empty", ""), filepath.Join(folder, "missing")} {
		if _, err := (recipe{labelled: r.labelled, conversations: wrong, sentences: r.sentences}).examples(); err == nil {
			t.Errorf("%s: no error", wrong)
		}
	}
}

// TestWeightsAreOfTheText checks that the weights of the binary are those of the text that the
// repository has, as far as their number tells: whoever changes the text is to make them anew.
func TestWeightsAreOfTheText(t *testing.T) {
	t.Parallel()

	r := recipe{
		labelled:      "../../speech/testdata/labelled.tsv",
		conversations: learned("../../evaluation/testdata"),
		sentences:     "sentences.txt",
		to:            filepath.Join(t.TempDir(), "weights.gz"),
	}
	if err := r.run(); err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile(r.to)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("../data/weights.gz")
	if err != nil {
		t.Fatal(err)
	}
	if len(made) != len(kept) {
		t.Errorf("the text makes weights of %d bytes, the binary has %d; run the command of todo/data/README.md", len(made), len(kept))
	}
}
