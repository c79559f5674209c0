package summary_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jdkato/prose/v3/segment"
	"github.com/kljensen/snowball/english"

	"github.com/turnwise/turnwise/internal/analysis/summary"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

var data = flag.String("summary.data", "", "folder with QMSum to measure on")

// TestEval measures summaries of 120 words against those that people wrote of
// the same meetings, by words and by pairs of words in common (ROUGE F1 of
// stems), next to the first 120 words of the meeting and to the summary of as many
// sentences as it has:
//
//	go test ./internal/analysis/summary -run Eval -v -summary.data DIR
//
// DIR/QMSum has the folders val and test of the data set. The constants were
// fitted on val.
func TestEval(t *testing.T) {
	if *data == "" {
		t.Skip("no data to measure on: name a folder with -summary.data")
	}
	for _, part := range []string{"val", "test"} {
		meetings := readMeetings(t, filepath.Join(*data, "QMSum", part))
		var lead, ours, shown [2]float64
		for _, m := range meetings {
			for n := range 2 {
				lead[n] += rouge(opening(m.sentences), m.summary, n+1) / float64(len(meetings))
				ours[n] += rouge(summarise(m.sentences), m.summary, n+1) / float64(len(meetings))
				shown[n] += rouge(asShown(m.sentences), m.summary, n+1) / float64(len(meetings))
			}
		}
		t.Logf("QMSum %-4s (%d) first 120 words: R1 %.3f R2 %.3f", part, len(meetings), lead[0], lead[1])
		t.Logf("QMSum %-4s (%d) summary:         R1 %.3f R2 %.3f", part, len(meetings), ours[0], ours[1])
		t.Logf("QMSum %-4s (%d) as it is shown:  R1 %.3f R2 %.3f", part, len(meetings), shown[0], shown[1])
		if ours[0] < 0.27 || shown[0] < 0.28 {
			t.Errorf("QMSum %s: R1 %.3f and %.3f, want 0.27 and 0.28", part, ours[0], shown[0])
		}
	}
}

type meeting struct {
	sentences []string
	summary   string
}

var (
	noise  = regexp.MustCompile(`\{[a-z]+\}`)
	joiner = strings.NewReplacer(" n't", "n't", " '", "'", " .", ".", " ,", ",", " ?", "?", " !", "!", " - ", "-")
)

func readMeetings(t *testing.T, folder string) []meeting {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no meetings in %s: %v", folder, err)
	}
	segmenter, err := segment.New()
	if err != nil {
		t.Fatal(err)
	}
	var all []meeting
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var given struct {
			Queries []struct{ Answer string }  `json:"general_query_list"`
			Turns   []struct{ Content string } `json:"meeting_transcripts"`
		}
		if err := json.Unmarshal(content, &given); err != nil {
			t.Fatal(err)
		}
		m := meeting{summary: given.Queries[0].Answer}
		for _, turn := range given.Turns {
			for _, s := range segmenter.Segment(joiner.Replace(noise.ReplaceAllString(turn.Content, ""))) {
				m.sentences = append(m.sentences, s.Text)
			}
		}
		all = append(all, m)
	}
	return all
}

const budget = 120 // words

func opening(sentences []string) string {
	return strings.Join(strings.Fields(strings.Join(sentences, " "))[:budget], " ")
}

// asShown returns the summary of the size that a conversation so long has.
func asShown(sentences []string) string {
	c := summary.Collect(dictionary())
	for _, s := range sentences {
		c.Add(words.Split(nil, s))
	}
	var picked []string
	for _, n := range c.Pick(summary.Size(len(sentences))) {
		picked = append(picked, sentences[n])
	}
	return strings.Join(picked, " ")
}

// summarise returns the smallest summary of 120 words or more, cut to them.
func summarise(sentences []string) string {
	c := summary.Collect(dictionary())
	for _, s := range sentences {
		c.Add(words.Split(nil, s))
	}
	var picked []string
	for size := 1; len(picked) < budget && size <= len(sentences); size++ {
		picked = picked[:0]
		for _, n := range c.Pick(size) {
			picked = append(picked, strings.Fields(sentences[n])...)
		}
	}
	return strings.Join(picked[:min(budget, len(picked))], " ")
}

// rouge returns the F1 of the rows of n stems that two texts have in common.
func rouge(a, b string, n int) float64 {
	rows := func(text string) (map[string]int, int) {
		var stems []string
		for _, w := range words.Split(nil, text) {
			if !w.IsMark() {
				stems = append(stems, english.Stem(w.Lower, true))
			}
		}
		counts, total := map[string]int{}, max(0, len(stems)-n+1)
		for i := range total {
			counts[strings.Join(stems[i:i+n], " ")]++
		}
		return counts, total
	}
	left, lefts := rows(a)
	right, rights := rows(b)
	common := 0
	for row, times := range left {
		common += min(times, right[row])
	}
	return 2 * float64(common) / float64(max(1, lefts+rights))
}
