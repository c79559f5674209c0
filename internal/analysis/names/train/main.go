// Command train makes the model of package names from labelled text in the
// form of CoNLL: a word and its label a line, an empty line between sentences.
//
//	go run ./internal/analysis/names/train -o internal/analysis/names/data/model.gz \
//	  WNUT17/train/wnut17train.conll WNUT17/dev/emerging.dev.conll BTC/a.conll … wikigold.conll.txt:4/5
//
// A fraction after a file's name takes that much of it from its beginning, so
// that the rest can be measured on. Words that begin with @ are handles, not
// names, whatever their label. Two of five sentences are given once more in
// lower case, because that is how many people write.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/conll"
)

func main() {
	out := flag.String("o", "", "file to write")
	rounds := flag.Int("rounds", 6, "over all sentences")
	members := flag.Int("members", 4, "models to average")
	flag.Parse()
	if err := run(*out, names.TrainOptions{Rounds: *rounds, Members: *members}, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(out string, opts names.TrainOptions, files []string) error {
	lex, err := lexicon.Load()
	if err != nil {
		return err
	}
	var sentences []names.Sentence
	for _, file := range files {
		some, err := conll.Read(file)
		if err != nil {
			return err
		}
		sentences = append(sentences, some...)
	}
	for n, s := range slices.Clip(sentences) {
		if n%5 < 2 {
			sentences = append(sentences, lowered(s))
		}
	}
	packed, err := names.Train(lex, sentences, opts).Pack()
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "%d sentences, %d bytes\n", len(sentences), len(packed))
	return os.WriteFile(out, packed, 0o644)
}

func lowered(s names.Sentence) names.Sentence {
	words := make([]string, len(s.Words))
	for i, w := range s.Words {
		words[i] = strings.ToLower(w)
	}
	s.Words = words
	return s
}
