package intents_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/tracking/intents"
)

// write writes a file of as many intents, each with five utterances to learn
// from and one for tests.
func write(t *testing.T, intents int) string {
	t.Helper()
	lists := map[string][][2]string{"oos_train": {{"so what", "oos"}}, "oos_val": {{"what now", "oos"}}, "oos_test": {{"what else", "oos"}}}
	things := strings.Fields("weather music money train pizza doctor password garden holiday camera battery lawyer")
	for n := range intents {
		name := fmt.Sprintf("intent%02d", n)
		for _, frame := range []string{"tell me about the %s", "my %s is broken", "where is the %s", "a new %s", "sell the %s", "the %s, please"} {
			lists["train"] = append(lists["train"], [2]string{fmt.Sprintf(frame, things[n%len(things)]), name})
		}
		lists["val"] = append(lists["val"], [2]string{"I need a " + things[n%len(things)], name})
		lists["test"] = append(lists["test"], [2]string{"is the " + things[n%len(things)] + " broken", name})
	}
	raw, err := json.Marshal(lists)
	if err != nil {
		t.Fatal(err)
	}
	return save(t, string(raw))
}

func save(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "data.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, file, want string
	}{
		{name: "no file", file: filepath.Join(t.TempDir(), "none.json"), want: "none.json"},
		{name: "not JSON", file: save(t, "text"), want: "data.json, in the form of"},
		{name: "another form", file: save(t, `{"train": ["a"]}`), want: "data.json, in the form of"},
		{name: "nothing in it", file: save(t, `{}`), want: "0 intents, want 10"},
		{name: "too few intents", file: write(t, 9), want: "9 intents, want 10"},
		{name: "too few utterances", file: save(t, `{"train": [["a", "one"]]}`), want: `"one" has 1 utterances in train, want 5`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if _, err := intents.Read(tt.file); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Read = %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// TestSplit checks that each intent is held out in one part, and that what is
// for tests and has no intent stays with what is held out.
func TestSplit(t *testing.T) {
	t.Parallel()

	set, err := intents.Read(write(t, 12))
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for part := range intents.Parts {
		held, rest := set.Split(part)
		if n := len(held.Intents) + len(rest.Intents); n != 12 || len(held.Intents) < 2 {
			t.Errorf("part %d: %d intents are held out, of %d", part, len(held.Intents), n)
		}
		for _, intent := range held.Intents {
			times[intent.Name]++
		}
		if diff := cmp.Diff([][]string{nil, {"what else"}, {"so what", "what now"}, nil},
			[][]string{held.Other.Check, held.Other.Test, rest.Other.Check, rest.Other.Test}); diff != "" {
			t.Errorf("part %d, utterances without an intent (-want +got):\n%s", part, diff)
		}
	}
	for name, n := range times {
		if n != 1 {
			t.Errorf("%s is held out %d times", name, n)
		}
	}
	if len(times) != 12 {
		t.Errorf("%d intents are ever held out, want 12", len(times))
	}
}

// TestTrain makes a model twice, and finds in it what was held out: each
// tracker has a word that no other has.
func TestTrain(t *testing.T) {
	t.Parallel()

	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	set, err := intents.Read(write(t, 12))
	if err != nil {
		t.Fatal(err)
	}
	held, rest := set.Split(0)
	const rounds = 20
	model := intents.Train(lex, rest, rounds)
	if string(model.Pack()) != string(intents.Train(lex, rest, rounds).Pack()) {
		t.Error("the same intents made two models")
	}
	if string(model.Pack()) == string(intents.Train(lex, rest, 0).Pack()) {
		t.Error("what was learnt in 20 rounds was known before")
	}
	if f := intents.Measure(model, held, rest); f.AveragePrecision < 0.9 || f.AveragePrecision > 1 {
		t.Errorf("average precision %.2f, want 1", f.AveragePrecision)
	}
}
