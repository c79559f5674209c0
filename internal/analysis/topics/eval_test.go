package topics_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kljensen/snowball/english"

	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/topics"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

var data = flag.String("topics.data", "", "folder with QMSum, 500N-KPCrowd-v1.1 and Inspec to measure on")

// TestEval measures topics against the titles that people gave to the parts of
// meetings (the share of titles of which a word's stem is in one of the first
// topics), and against key phrases that people chose in articles (F1 of the
// first ten, by stems):
//
//	go test ./internal/analysis/topics -run Eval -v -topics.data DIR
//
// DIR/QMSum has the folders val and test, the others docsutf8 and keys. The
// constants were fitted on val and on the even articles.
func TestEval(t *testing.T) {
	if *data == "" {
		t.Skip("no data to measure on: name a folder with -topics.data")
	}
	for _, part := range []string{"val", "test"} {
		meetings := readMeetings(t, filepath.Join(*data, "QMSum", part))
		ten, twenty := coverage(meetings, 10), coverage(meetings, 20)
		t.Logf("QMSum %-4s (%d meetings): titles covered by 10 topics %.3f, by 20 %.3f", part, len(meetings), ten, twenty)
		if ten < 0.45 {
			t.Errorf("QMSum %s: ten topics cover %.3f, want 0.45", part, ten)
		}
	}
	for _, set := range []struct {
		name  string
		least float64
	}{{"500N-KPCrowd-v1.1", 0.14}, {"Inspec", 0.20}} {
		articles := readArticles(t, filepath.Join(*data, set.name))
		for parity, name := range []string{"even", "odd"} {
			f1, bands := agreement(articles, parity)
			t.Logf("%-17s %-4s: F1 of 10 %.3f; right by score 0.4, 0.5 … 0.9: %.2f", set.name, name, f1, bands)
			if f1 < set.least {
				t.Errorf("%s %s: F1 %.3f, want %.2f", set.name, name, f1, set.least)
			}
		}
	}
}

type meeting struct {
	turns  []topics.Message
	titles []string
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
	var all []meeting
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var given struct {
			Topics []struct{ Topic string }            `json:"topic_list"`
			Turns  []struct{ Speaker, Content string } `json:"meeting_transcripts"`
		}
		if err := json.Unmarshal(content, &given); err != nil {
			t.Fatal(err)
		}
		var m meeting
		for _, turn := range given.Turns {
			text := joiner.Replace(noise.ReplaceAllString(turn.Content, ""))
			m.turns = append(m.turns, topics.Message{Speaker: turn.Speaker, Words: words.Split(nil, text)})
		}
		for _, title := range given.Topics {
			m.titles = append(m.titles, title.Topic)
		}
		all = append(all, m)
	}
	return all
}

// coverage returns the share of titles of which the first topics have a stem.
func coverage(meetings []meeting, first int) float64 {
	covered, titles := 0, 0
	for _, m := range meetings {
		got := map[string]bool{}
		found := find(m.turns)
		for _, topic := range found[:min(first, len(found))] {
			for stem := range strings.FieldsSeq(topic.Key) {
				got[stem] = true
			}
		}
		for _, title := range m.titles {
			titles++
			table := dictionary().Table()
			for _, number := range table.Append(nil, words.Split(nil, title)) {
				if term := table.Term(number); term.Kind == terms.Content && got[table.Root(term.Stem)] {
					covered++
					break
				}
			}
		}
	}
	return float64(covered) / float64(titles)
}

type article struct {
	sentences []topics.Message
	keys      map[string]bool // stems
}

var sentenceEnd = regexp.MustCompile(`[.?!]\s+|\n\s*\n`)

func readArticles(t *testing.T, folder string) []article {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "docsutf8", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no articles in %s: %v", folder, err)
	}
	var all []article
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt") + ".key"
		keys, err := os.ReadFile(filepath.Join(folder, "keys", name))
		if err != nil {
			t.Fatal(err)
		}
		a := article{keys: map[string]bool{}}
		for _, s := range sentenceEnd.Split(string(text), -1) {
			a.sentences = append(a.sentences, topics.Message{Words: words.Split(nil, s)})
		}
		for line := range strings.Lines(string(keys)) {
			a.keys[stems(line)] = true
		}
		delete(a.keys, "")
		all = append(all, a)
	}
	return all
}

// stems returns the stems of a text's words, hyphens being blanks.
func stems(text string) string {
	var all []string
	for _, w := range words.Split(nil, text) {
		if !w.IsMark() {
			all = append(all, english.Stem(w.Lower, true))
		}
	}
	return strings.Join(all, " ")
}

// agreement returns the mean F1 of the first ten topics of every other
// article, and the share of all topics that are right by tenths of the score
// from 0.4 on.
func agreement(articles []article, parity int) (f1 float64, bands [6]float64) {
	var right, found [6]float64
	n := 0.0
	for i := parity; i < len(articles); i += 2 {
		a, hits := articles[i], 0.0
		got := find(a.sentences)
		for place, topic := range got {
			hit := 0.0
			if a.keys[stems(topic.Text)] {
				hit = 1
			}
			band := max(0, min(5, int(topic.Score*10)-4))
			right[band] += hit
			found[band]++
			if place < 10 {
				hits += hit
			}
		}
		f1 += 2 * hits / float64(min(10, len(got))+len(a.keys))
		n++
	}
	for band := range bands {
		bands[band] = right[band] / max(1, found[band])
	}
	return f1 / n, bands
}

func find(messages []topics.Message) []topics.Topic {
	c := topics.Collect(dictionary(), topics.Options{})
	for _, m := range messages {
		c.Add(m)
	}
	return c.Topics()
}
