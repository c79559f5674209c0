// Command train makes the weights of package runon from text with marks. It is given
// a folder of files with one utterance a line; data/README.md says which.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/runon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

func main() {
	log.SetFlags(0)
	r := recipe{}
	flag.StringVar(&r.to, "o", "", "folder to write words.txt and weights.gz to")
	flag.StringVar(&r.labelled, "labelled", "internal/analysis/speech/testdata/labelled.tsv", "our own sentences")
	flag.StringVar(&r.conversations, "conversations", "internal/analysis/evaluation/testdata/dev.txt", "files of our own conversations, with commas between them")
	flag.StringVar(&r.turns, "turns", "internal/analysis/runon/testdata/turns.txt", "our own turns")
	flag.IntVar(&r.repeatTurns, "repeat-turns", 10, "how often a round has our own turns")
	flag.StringVar(&r.names, "names", "internal/analysis/names/data/first.txt", "first names")
	flag.StringVar(&r.judge, "dev", "", "files of our own conversations to judge by, and to learn nothing from, with commas between them")
	flag.StringVar(&r.tests, "tests", "", "folder of further text to judge by")
	flag.IntVar(&r.words, "words", 4000, "size of the vocabulary")
	flag.IntVar(&r.repeat, "repeat", 8, "how often a round has our own conversations")
	flag.IntVar(&r.sentences, "sentences", 3, "how often a round has our own sentences")
	flag.IntVar(&r.most, "most", 400_000, "how many words of each file are used at most")
	flag.IntVar(&r.opts.Rounds, "rounds", 3, "rounds over all")
	flag.Float64Var(&r.opts.Rate, "rate", 0.02, "rate at first")
	flag.Float64Var(&r.opts.Drop, "drop", 0.1, "share of words that are read as unknown")
	flag.Float64Var(&r.opts.Own, "own", 0.3, "share of passages that the network divides")
	flag.IntVar(&r.seed, "seed", 1, "seed")
	flag.Parse()
	if err := r.run(flag.Arg(0)); err != nil {
		log.Fatal(err)
	}
}

// A recipe is what weights are made by.
type recipe struct {
	labelled, conversations, turns, names string // files of the repository
	tests, to                             string // folders

	judge                                string
	words, most                          int
	sentences, repeat, repeatTurns, seed int
	opts                                 runon.Options
}

func (r recipe) run(folder string) error {
	random := rand.New(rand.NewPCG(uint64(r.seed), 2))
	all, err := r.lessons(folder, random)
	if err != nil {
		return err
	}
	network := runon.NewNetwork(commonest(all, r.words), random)
	network.Learn(all, r.opts, random, func(round int, loss float64) { log.Printf("round %d: loss %.4f", round+1, loss) })
	vocabulary, weights := network.Pack()
	m, err := runon.Unpack(vocabulary, weights)
	if err != nil {
		return err
	}
	for file := range strings.SplitSeq(r.judge, ",") {
		if file == "" {
			continue
		}
		conversations, err := ownTurns(file)
		if err != nil {
			return fmt.Errorf("read our own conversations: %w", err)
		}
		log.Printf("%-24s %s", filepath.Base(file), judge(m, conversations))
	}
	if err := r.test(m, random); err != nil {
		return err
	}
	return r.write(vocabulary, weights)
}

// lessons returns what is learned from.
func (r recipe) lessons(folder string, random *rand.Rand) (all []runon.Passage, err error) {
	if all, err = r.others(folder, random); err != nil {
		return nil, err
	}
	sentences, err := ownSentences(r.labelled, random)
	if err != nil {
		return nil, fmt.Errorf("read our own sentences: %w", err)
	}
	conversations, err := r.ownConversations()
	if err != nil {
		return nil, fmt.Errorf("read our own conversations: %w", err)
	}
	for range r.repeatTurns {
		turns, err := readPieces(r.turns, 1_000_000, random)
		if err != nil {
			return nil, fmt.Errorf("read our own turns: %w", err)
		}
		all = append(all, turns...)
	}
	if err := r.name(all); err != nil {
		return nil, err
	}
	for range r.sentences {
		all = append(all, sentences...)
	}
	for range r.repeat {
		all = append(all, conversations...)
	}
	return all, nil
}

// ownConversations returns those of our own conversations that something is learned from.
func (r recipe) ownConversations() (all []runon.Passage, err error) {
	for file := range strings.SplitSeq(r.conversations, ",") {
		if slices.Contains(strings.Split(r.judge, ","), file) {
			continue
		}
		turns, err := ownTurns(file)
		if err != nil {
			return nil, err
		}
		all = append(all, turns...)
	}
	return all, nil
}

// write writes what was learned, if that is asked for.
func (r recipe) write(vocabulary string, weights []byte) error {
	if r.to == "" {
		return nil
	}
	vocabulary = "# The words that the model of sentence beginnings knows. Not to be edited: runon/train writes them.\n" + vocabulary
	if err := os.WriteFile(filepath.Join(r.to, "words.txt"), []byte(vocabulary), 0o600); err != nil {
		return fmt.Errorf("write the vocabulary: %w", err)
	}
	if err := os.WriteFile(filepath.Join(r.to, "weights.gz"), weights, 0o600); err != nil {
		return fmt.Errorf("write the weights: %w", err)
	}
	return nil
}

// name notes in each passage which of its words are names of people: those of a list
// that the passages hardly have as other words, which the vocabulary would have.
func (r recipe) name(all []runon.Passage) error {
	text, err := os.ReadFile(r.names)
	if err != nil {
		return fmt.Errorf("read the names: %w", err)
	}
	names := map[string]bool{}
	for name := range words.Terms(string(text)) {
		names[name] = len(name) > 2
	}
	for _, common := range commonest(all, 1200) {
		delete(names, common)
	}
	for i := range all {
		all[i].Names = names
	}
	return nil
}

// commonest returns the words that are said most often, sorted.
func commonest(all []runon.Passage, most int) []string {
	count := map[string]int{}
	for _, p := range all {
		for _, w := range p.Said {
			if !w.IsMark() && !strings.ContainsAny(w.Lower, "0123456789") {
				count[w.Lower]++
			}
		}
	}
	list := make([]string, 0, len(count))
	for word, n := range count {
		if n >= 5 {
			list = append(list, word)
		}
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	list = list[:min(len(list), most)]
	slices.Sort(list)
	return list
}
