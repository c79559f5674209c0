package speech_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

var data = flag.String("speech.data", "", "folder with insights-silver.json and parakweet to measure on")

// A labelled sentence is what a person says it is.
type labelled struct {
	ID       int    `json:"id"`
	Source   string `json:"src"`
	Text     string `json:"text"`
	Question bool   `json:"question"`
	Action   bool   `json:"action"`
	FollowUp bool   `json:"followup"`
}

// An output is what is measured: what was given and how sure it was found.
type output struct {
	name  string
	least float64 // F1 at 0.5 that was reached, so that the test fails where it falls
	given func(labelled) bool
	found func([]speech.Finding) float64
}

func outputs() []output {
	of := func(kinds ...speech.Kind) func([]speech.Finding) float64 {
		return func(found []speech.Finding) (score float64) {
			for _, f := range found {
				for _, k := range kinds {
					if f.Kind == k {
						score = max(score, f.Score)
					}
				}
			}
			return score
		}
	}
	return []output{
		{"question", 0.95, func(l labelled) bool { return l.Question }, of(speech.Question)},
		{"action item", 0.84, func(l labelled) bool { return l.Action || l.FollowUp }, of(speech.ActionItem, speech.FollowUp)},
		{"follow-up", 0.87, func(l labelled) bool { return l.FollowUp }, of(speech.FollowUp)},
	}
}

// TestEval measures the kinds of findings on sentences that another hand
// labelled. Those with odd numbers were not read when the rules were written,
// but for the first five:
//
//	go test ./internal/analysis/speech -run Eval -v -speech.data DIR
func TestEval(t *testing.T) {
	if *data == "" {
		t.Skip("no data to measure on: name a folder with -speech.data")
	}
	text, err := os.ReadFile(filepath.Join(*data, "insights-silver.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []labelled
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	parts := map[string][]labelled{"all": all}
	for _, l := range all {
		part := []string{"even", "odd"}[l.ID%2]
		from := map[string]string{"P": ", e-mail", "Q": ", meetings"}[l.Source]
		parts[part] = append(parts[part], l)
		parts[part+from] = append(parts[part+from], l)
	}
	finder := speech.New()
	for _, o := range outputs() {
		for _, part := range []string{"even", "even, e-mail", "even, meetings", "odd", "odd, e-mail", "odd, meetings", "all"} {
			f1 := measure(t, finder, o, part, parts[part])
			if part == "all" && f1 < o.least {
				t.Errorf("%s: F1 %.3f, want %.2f", o.name, f1, o.least)
			}
		}
	}
	measureRequests(t, finder)
}

// measureRequests prints, for information, action items on e-mail sentences
// with labels of another kind: whether the reader is asked for something.
func measureRequests(t *testing.T, finder *speech.Finder) {
	t.Helper()
	for _, name := range []string{"Ask0729-fixed.txt", "testSet-qualifiedBatch-fixed.txt"} {
		file, err := os.Open(filepath.Join(*data, "parakweet", name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		var all []labelled
		for lines := bufio.NewScanner(file); lines.Scan(); {
			label, text, _ := strings.Cut(lines.Text(), "\t")
			all = append(all, labelled{ID: 1, Text: text, Action: label == "Yes"})
		}
		measure(t, finder, outputs()[1], name, all)
	}
}

func measure(t *testing.T, finder *speech.Finder, o output, part string, all []labelled) (f1 float64) {
	t.Helper()
	for _, cut := range []float64{0.7, 0.6, 0.5} {
		var right, found, given float64
		for _, l := range all {
			is, score := o.given(l), o.found(finder.Find(nil, words.Split(nil, l.Text), speech.People{}))
			if is {
				given++
			}
			if score >= cut {
				found++
			}
			if is && score >= cut {
				right++
			}
		}
		p, r := right/max(found, 1), right/max(given, 1)
		f1 = 2 * p * r / max(p+r, 1e-9)
		t.Logf("%-12s %-32s @%.1f P %.3f R %.3f F1 %.3f (%d)", o.name, part, cut, p, r, f1, int(given))
	}
	return f1
}
