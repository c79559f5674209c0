package evaluation_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"
)

// A guess is what the libraries of peers find in a sentence.
type guess struct {
	Question bool   `json:"question"`
	Task     bool   `json:"task"`
	Due      string `json:"due"` // a day
}

// TestBaseline prints what two libraries that anyone knows find in the English
// conversations, beside the table: questions and tasks by compromise, and the
// days of tasks by chrono-node.
//
//	npm ci --prefix internal/analysis/evaluation/peers
func TestBaseline(t *testing.T) {
	if _, err := os.Stat("peers/node_modules"); err != nil {
		t.Skip("compromise and chrono-node are not installed: npm ci --prefix internal/analysis/evaluation/peers")
	}
	for _, part := range []string{"dev", "more", "held"} {
		var f figures
		var all []place
		var asked bytes.Buffer
		for _, d := range readDialogues(t, part) {
			if d.language != "en" {
				continue
			}
			_, places := d.input(func(s string) string { return s })
			all = append(all, places...)
			for _, p := range places {
				line, err := json.Marshal(map[string]any{"text": p.text, "at": d.at.Format(time.RFC3339)})
				if err != nil {
					t.Fatal(err)
				}
				asked.Write(append(line, '\n'))
			}
		}
		for n, g := range guesses(t, &asked, len(all)) {
			f.guessed(all[n], g)
		}
		t.Logf("%s, compromise and chrono-node: questions P %.3f R %.3f F1 %.3f, action items P %.3f R %.3f F1 %.3f, due date right of found %.3f", part,
			f.questions.precision(), f.questions.recall(), f.questions.f1(), f.tasks.precision(), f.tasks.recall(), f.tasks.f1(), f.dues.precision())
	}
}

// guesses asks the libraries about sentences.
func guesses(t *testing.T, asked *bytes.Buffer, count int) []guess {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "baseline.mjs")
	cmd.Dir, cmd.Stdin, cmd.Stderr = "peers", asked, os.Stderr
	answered, err := cmd.Output()
	if err != nil {
		t.Fatal("ask compromise and chrono-node:", err)
	}
	all := make([]guess, 0, count)
	for lines := json.NewDecoder(bytes.NewReader(answered)); lines.More(); {
		var g guess
		if err := lines.Decode(&g); err != nil {
			t.Fatal("read what compromise and chrono-node answered:", err)
		}
		all = append(all, g)
	}
	if len(all) != count {
		t.Fatalf("compromise and chrono-node answered %d sentences of %d", len(all), count)
	}
	return all
}

// guessed compares a guess with the labels of its sentence.
func (f *figures) guessed(p place, g guess) {
	f.questions.add(p.question, g.Question)
	f.tasks.given += float64(len(p.tasks))
	f.tasks.count(&f.tasks.found, g.Task)
	f.tasks.count(&f.tasks.right, g.Task && len(p.tasks) > 0)
	if !g.Task || len(p.tasks) == 0 || p.tasks[0].due == "" && g.Due == "" {
		return
	}
	f.dues.add(true, true)
	if p.tasks[0].due != g.Due {
		f.dues.right--
	}
}
