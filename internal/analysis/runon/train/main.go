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

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/runon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

func main() {
	log.SetFlags(0)
	r := recipe{}
	flag.StringVar(&r.to, "o", "", "folder to write words.txt and weights.gz to")
	flag.StringVar(&r.labelled, "labelled", "internal/analysis/speech/testdata/labelled.tsv", "our own sentences")
	flag.StringVar(&r.conversations, "conversations", "internal/analysis/evaluation/testdata/dev.txt,internal/analysis/evaluation/testdata/more.txt,internal/analysis/evaluation/testdata/newer.txt", "files of our own conversations, with commas between them")
	flag.StringVar(&r.turns, "turns", "internal/analysis/runon/testdata/turns.txt", "our own turns")
	flag.IntVar(&r.repeatTurns, "repeat-turns", 5, "how often a round has our own turns")
	flag.StringVar(&r.names, "names", "internal/analysis/names/data/first.txt", "first names")
	flag.IntVar(&r.folds, "folds", 0, "judge by our own conversations, of which each such part is found by what the others teach")
	flag.StringVar(&r.tests, "tests", "", "folder of further text to judge by")
	flag.IntVar(&r.words, "words", 4000, "size of the vocabulary")
	flag.IntVar(&r.repeat, "repeat", 6, "how often a round has our own conversations")
	flag.IntVar(&r.sentences, "sentences", 1, "how often a round has our own sentences")
	flag.IntVar(&r.most, "most", 900_000, "how many words of each file are used at most")
	flag.IntVar(&r.opts.Rounds, "rounds", 3, "rounds over the text of others")
	flag.IntVar(&r.last, "last", 2, "rounds over our own text, behind those")
	flag.IntVar(&r.kin, "kin", 15_000, "of how many of the commonest words of English it is known which are used alike")
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

	words, most, kin, last                      int
	sentences, repeat, repeatTurns, folds, seed int
	opts                                        runon.Options
}

func (r recipe) run(folder string) error {
	random := rand.New(rand.NewPCG(uint64(r.seed), 2))
	others, own, err := r.lessons(folder, random)
	if err != nil {
		return err
	}
	conversations, err := readConversations(r.conversations)
	if err != nil {
		return err
	}
	kin, err := kinOf(r.kin)
	if err != nil {
		return err
	}
	known := slices.Concat(others, own)
	for _, c := range conversations {
		known = append(known, c...)
	}
	network := runon.NewNetwork(commonest(known, r.words), kin, random)
	network.Learn(others, r.opts, random, func(round int, loss float64) { log.Printf("round %d: loss %.4f", round+1, loss) })
	if err := r.cross(network, own, conversations); err != nil {
		return err
	}
	vocabulary, weights := r.finish(network, own, conversations).Pack()
	m, err := runon.Unpack(vocabulary, weights)
	if err != nil {
		return err
	}
	if err := r.test(m, random); err != nil {
		return err
	}
	return r.write(vocabulary, weights)
}

// finish returns a network that has learned from our own text too.
func (r recipe) finish(network *runon.Network, own []runon.Passage, conversations []conversation) *runon.Network {
	random := rand.New(rand.NewPCG(uint64(r.seed), 3))
	all := slices.Clone(own)
	for range r.repeat {
		for _, c := range conversations {
			all = append(all, c...)
		}
	}
	last := r.opts
	last.Rounds = r.last
	n := network.Clone()
	n.Learn(all, last, random, func(int, float64) {})
	return n
}

// cross prints, for each file of our own conversations, what networks find in those of them
// that they did not learn from.
func (r recipe) cross(network *runon.Network, own []runon.Passage, conversations []conversation) error {
	if r.folds == 0 {
		return nil
	}
	kept := make([]*runon.Model, r.folds)
	for fold := range kept {
		var others []conversation
		for i, c := range conversations {
			if i%r.folds != fold {
				others = append(others, c)
			}
		}
		m, err := runon.Unpack(r.finish(network, own, others).Pack())
		if err != nil {
			return err
		}
		kept[fold] = m
	}
	i := 0
	for file := range strings.SplitSeq(r.conversations, ",") {
		these, err := readConversations(file)
		if err != nil {
			return err
		}
		var f found
		for _, c := range these {
			f.judge(kept[i%r.folds], c)
			i++
		}
		log.Printf("%-24s %s", filepath.Base(file), f)
	}
	return nil
}

// kinOf returns the clusters of the commonest words of English.
func kinOf(most int) (map[string]uint8, error) {
	lex, err := lexicon.Load()
	if err != nil {
		return nil, err
	}
	kin := make(map[string]uint8, most)
	for _, word := range lex.Commonest(most) {
		w, _ := lex.Find([]byte(word))
		kin[word] = uint8(w.Clusters[1])
	}
	return kin, nil
}

// lessons returns what is learned from: first the text of others, then our own.
func (r recipe) lessons(folder string, random *rand.Rand) (others, own []runon.Passage, err error) {
	if others, err = r.others(folder, random); err != nil {
		return nil, nil, err
	}
	for range r.repeatTurns {
		turns, err := readPieces(r.turns, 1_000_000, random)
		if err != nil {
			return nil, nil, fmt.Errorf("read our own turns: %w", err)
		}
		own = append(own, turns...)
	}
	for range r.sentences {
		sentences, err := ownSentences(r.labelled, random)
		if err != nil {
			return nil, nil, fmt.Errorf("read our own sentences: %w", err)
		}
		own = append(own, sentences...)
	}
	if err := r.name(others, own); err != nil {
		return nil, nil, err
	}
	return others, own, nil
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
func (r recipe) name(others, own []runon.Passage) error {
	text, err := os.ReadFile(r.names)
	if err != nil {
		return fmt.Errorf("read the names: %w", err)
	}
	names := map[string]bool{}
	for name := range words.Terms(string(text)) {
		names[name] = len(name) > 2
	}
	for _, common := range commonest(slices.Concat(others, own), 1200) {
		delete(names, common)
	}
	for _, all := range [][]runon.Passage{others, own} {
		for i := range all {
			all[i].Names = names
		}
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
