package speech_test

import (
	"os"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/speech"
)

// TestLabelled holds the rules to what they reached on the sentences of
// testdata, see the README there. The rules were written with those of the part
// "read" in view, and hardly any of "check".
func TestLabelled(t *testing.T) {
	t.Parallel()

	parts := readLabelled(t)
	finder := speech.New()
	least := map[string][]float64{ // F1 at 0.5 of questions, action items, follow-ups
		"read":  {0.95, 0.82, 0.90},
		"check": {0.95, 0.73, 0.88},
	}
	for part, bounds := range least {
		for i, o := range outputs() {
			if f1 := measure(t, finder, o, part, parts[part]); f1 < bounds[i] {
				t.Errorf("%s, part %s: F1 %.3f, want %.2f", o.name, part, f1, bounds[i])
			}
			for _, source := range []string{", email", ", meeting", ", chat"} {
				measure(t, finder, o, part+source, parts[part+source]) // for who reads the log
			}
		}
	}
}

// readLabelled returns the labelled sentences by part, and by part and source.
func readLabelled(t *testing.T) map[string][]labelled {
	t.Helper()

	text, err := os.ReadFile("testdata/labelled.tsv")
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]labelled{}
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		if len(fields) != 4 {
			t.Fatalf("%q has %d fields, want 4", line, len(fields))
		}
		l := labelled{
			Text:     fields[3],
			Question: strings.Contains(fields[2], "q"),
			Action:   strings.ContainsAny(fields[2], "af"),
			FollowUp: strings.Contains(fields[2], "f"),
		}
		for _, part := range []string{fields[0], fields[0] + ", " + fields[1]} {
			parts[part] = append(parts[part], l)
		}
	}
	return parts
}
