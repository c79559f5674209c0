package analysis

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

var updateRunOn = flag.Bool("update-run-on", false, "make data/run_on.txt anew")

// TestSplitRunOn has speech without marks.
func TestSplitRunOn(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"okay what about the website i think we should ask sarah":     "okay what about the website|i think we should ask sarah",
		"i'll send you the report tomorrow can you check the numbers": "i'll send you the report tomorrow|can you check the numbers",
		"can you talk to sarah about the budget":                      "can you talk to sarah about the budget",
		"I will send you the report by Friday":                        "I will send you the report by Friday",
		"I think that you should send it to him when you have it":     "I think that you should send it to him when you have it",
		"see you tomorrow": "see you tomorrow",
		"let's start with the budget raj where do we stand":                             "let's start with the budget|raj where do we stand",
		"next tuesday works send an invite to me please":                                "next tuesday works|send an invite to me please",
		"we'll cut it in half the nurse will take some blood":                           "we'll cut it in half|the nurse will take some blood",
		"it will attract rats if you have a small garden you can use a bin":             "it will attract rats|if you have a small garden you can use a bin",
		"i wonder what they do and how many days it takes":                              "i wonder what they do and how many days it takes",
		"ann could you tell raj that the bridge is closed":                              "ann could you tell raj that the bridge is closed",
		"i can see both of them do you still have the card":                             "i can see both of them|do you still have the card",
		"i propose that we approve the merger and that the board is informed":           "i propose that we approve the merger and that the board is informed",
		"thanks, i will look at it when i have the time and then i will come back":      "thanks, i will look at it when i have the time and then i will come back",
		"ich schicke dir den bericht morgen früh und dann rufe ich dich noch einmal an": "ich schicke dir den bericht morgen früh und dann rufe ich dich noch einmal an",
	} {
		var got []string
		for _, s := range split(text, 100, []string{"Raj Patel", "Ann"}) {
			got = append(got, text[s.start:s.end])
		}
		if joined := strings.Join(got, "|"); joined != want {
			t.Errorf("%q is split into %q, want %q", text, joined, want)
		}
	}
}

// A runOn is a row of words without marks and where sentences begin in it.
type runOn struct {
	said   []words.Word
	starts map[int]bool
}

// TestRunOnModel makes the weights, where that is asked for, and sees that the file
// has them:
//
//	go test ./internal/analysis -run RunOnModel -update-run-on
func TestRunOnModel(t *testing.T) {
	if !*updateRunOn {
		t.Skip("making the weights takes some seconds")
	}
	weights := learnRunOns(readRunOns(t), 6)
	lines := make([]string, 0, len(weights))
	for feature, weight := range weights {
		lines = append(lines, fmt.Sprintf("%s = %d", feature, weight))
	}
	slices.SortFunc(lines, func(a, b string) int {
		a, _, _ = strings.Cut(a, " = ")
		b, _, _ = strings.Cut(b, " = ")
		return cmp.Compare(a, b)
	})
	head := "# Weights of the model that ends sentences where marks are absent: of features of the words\n# before and after the place. Not to be edited: TestRunOnModel makes them.\n"
	if err := os.WriteFile("data/run_on.txt", []byte(head+strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// readRunOns returns sentences of the part that rules are written by, joined by one
// to four, and the turns of the conversations.
func readRunOns(t *testing.T) (all []runOn) {
	t.Helper()
	file, err := os.ReadFile("speech/testdata/labelled.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var sentences []string
	for line := range strings.Lines(string(file)) {
		if fields := strings.SplitN(strings.TrimSpace(line), "\t", 4); fields[0] == "read" && len(fields) == 4 && len(fields[3]) < 150 {
			sentences = append(sentences, fields[3])
			if len(fields[3]) < 60 {
				sentences = append(sentences, fields[3], fields[3])
			}
		}
	}
	for n, said := range interjections() {
		for m := range 12 {
			sentences = append(sentences, said)
			for _, opener := range []string{"okay", "ok", "yes", "no", "great", "right", "sure", "of course", "no problem", "well", "so", "oh"}[m : m+1] {
				sentences = append(sentences, opener+" "+sentences[(n*12+m)*7%3000])
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		random.Shuffle(len(sentences), func(i, j int) { sentences[i], sentences[j] = sentences[j], sentences[i] })
		for i := 0; i < len(sentences); {
			n := min(1+random.IntN(3), len(sentences)-i)
			all = append(all, joinBare(sentences[i:i+n]))
			i += n
		}
	}
	conversations, err := os.ReadFile("evaluation/testdata/dev.txt")
	if err != nil {
		t.Fatal(err)
	}
	english := false
	var turn []string
	for line := range strings.Lines(string(conversations)) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "{")
		if strings.HasPrefix(line, "== ") {
			english = strings.Contains(line, "| en |")
		}
		more, continued := strings.CutPrefix(line, "+ ")
		if !continued && len(turn) > 0 {
			all = append(all, joinBare(turn))
			turn = nil
		}
		_, said, spoken := strings.Cut(line, ": ")
		switch {
		case !english, line == "", line[0] == '#', line[0] == '=', strings.HasPrefix(line, "key: "), strings.HasPrefix(line, "who: "), strings.HasPrefix(line, "sum: "):
		case continued:
			turn = append(turn, more)
		case spoken:
			turn = append(turn, said)
		}
	}
	return all
}

// interjections returns sentences of a word or two, which talk is full of and letters
// are not.
func interjections() []string {
	return []string{
		"yep", "nope", "perfect", "fine", "good", "lovely", "certainly", "absolutely", "agreed", "exactly",
		"got it", "i see", "sounds good", "good idea", "thanks", "thank you", "thank you so much", "done", "cool", "sorry",
		"i'm sorry", "all right", "no worries", "that's fine", "that's right", "that's great", "will do", "sure thing", "i agree", "i think so", "me too",
		"not yet", "not really", "maybe", "true", "wow", "oh no", "let me see", "let's see", "one moment", "clear", "very good", "not today",
		"i did", "i do", "i know", "you're welcome", "see you", "bye", "any questions", "what else", "anything else", "next", "same here", "works for me", "makes sense",
	}
}

// joinBare returns sentences without their marks and capitals.
func joinBare(sentences []string) (r runOn) {
	var text strings.Builder
	begins := map[int]bool{}
	for _, s := range sentences {
		bare := strings.Join(strings.Fields(strings.Map(func(c rune) rune {
			switch {
			case strings.ContainsRune("?!.,;:\"()", c):
				return -1
			case c == '-' || c == '–':
				return ' '
			}
			return unicode.ToLower(c)
		}, s)), " ")
		if bare == "" {
			continue
		}
		if text.Len() > 0 {
			text.WriteByte(' ')
			begins[text.Len()] = true
		}
		text.WriteString(bare)
	}
	r.said, r.starts = words.Split(nil, text.String()), map[int]bool{}
	for i, w := range r.said {
		if begins[w.Start] {
			r.starts[i] = true
		}
	}
	return r
}

// learnRunOns returns the weights of an averaged perceptron, of features that were
// seen twice or more.
func learnRunOns(all []runOn, rounds int) map[string]int {
	weights, sums, seen := map[string]int{}, map[string]int{}, map[string]int{}
	step := 0
	learn := func(r runOn, i, since int) {
		step++
		var features []string
		sum := 0
		runOnFeatures(nil, r.said, i, since, func(f []byte) {
			features = append(features, string(f))
			sum += weights[string(f)]
			seen[string(f)]++
		})
		if r.starts[i] == (sum > 0) {
			return
		}
		by := -1
		if r.starts[i] {
			by = 1
		}
		for _, f := range features {
			weights[f] += by
			sums[f] += by * step
		}
	}
	for range rounds {
		for _, r := range all {
			since := 0
			for i := 1; i < len(r.said); i++ {
				since++
				learn(r, i, since)
				if r.starts[i] {
					since = 0
				}
			}
		}
	}
	kept := map[string]int{}
	for f := range maps.Keys(weights) {
		if average := (weights[f]*step - sums[f]) * 10 / step; average != 0 && seen[f] >= 12*rounds {
			kept[f] = average
		}
	}
	return kept
}
