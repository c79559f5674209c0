package evaluation_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
)

var othersData = flag.String("evaluation.data", "", "folder with insights-silver.json")

// TestSingleSentences measures the whole of the analysis on sentences without a conversation:
// those of labelled.tsv that nothing is learned from, and those that the author of an earlier set of rules
// labelled, of which rules were written on the even ones.
func TestSingleSentences(t *testing.T) {
	e := newEngine(t)
	check := measureSingle(t, e, readCheck(t))
	t.Logf("check\n%s", check)
	check.hold(t, "check")
	if *othersData == "" {
		return
	}
	parts := readSilver(t)
	for _, name := range []string{"even", "odd", "all"} {
		f := measureSingle(t, e, parts[name])
		t.Logf("%s of the 399\n%s", name, f)
		f.hold(t, name+" of the 399")
	}
}

// measureSingle measures sentences, each by itself.
func measureSingle(tb testing.TB, e *analysis.Engine, all []sentence) *figures {
	tb.Helper()
	f := new(figures)
	for _, s := range all {
		d := dialogue{language: "en", turns: []turn{{sentences: []sentence{s}}}}
		in, places := d.input(func(text string) string { return text })
		r, err := e.Analyze(context.Background(), in)
		if err != nil {
			tb.Fatal(err)
		}
		f.sentence(d, places[0], assign(r, places)[0])
	}
	return f
}

// single returns a sentence with what others say it is: letters for a question, an action item,
// a follow-up.
func single(text, labels string) sentence {
	s := sentence{text: text, question: strings.Contains(labels, "q")}
	if strings.ContainsAny(labels, "af") {
		s.tasks = []task{{followUp: strings.Contains(labels, "f"), assignee: "-"}}
	}
	return s
}

// readCheck returns the sentences of labelled.tsv that rules were not written on.
func readCheck(tb testing.TB) (all []sentence) {
	tb.Helper()
	text, err := os.ReadFile("../speech/testdata/labelled.tsv")
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4); fields[0] == "check" {
			all = append(all, single(fields[3], fields[2]))
		}
	}
	return all
}

// readSilver returns the sentences of another hand, by part.
func readSilver(tb testing.TB) map[string][]sentence {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(*othersData, "insights-silver.json"))
	if err != nil {
		tb.Fatal(err)
	}
	var all []struct {
		ID       int    `json:"id"`
		Text     string `json:"text"`
		Question bool   `json:"question"`
		Action   bool   `json:"action"`
		FollowUp bool   `json:"followup"`
	}
	if err := json.Unmarshal(text, &all); err != nil {
		tb.Fatal(err)
	}
	parts := map[string][]sentence{}
	for _, l := range all {
		labels := ""
		for letter, is := range map[string]bool{"q": l.Question, "a": l.Action, "f": l.FollowUp} {
			if is {
				labels += letter
			}
		}
		for _, part := range []string{[]string{"even", "odd"}[l.ID%2], "all"} {
			parts[part] = append(parts[part], single(l.Text, labels))
		}
	}
	return parts
}
