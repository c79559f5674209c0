// Command train makes the weights of package todo from the labelled text of the repository:
//
//	go run ./internal/analysis/todo/train -o internal/analysis/todo/data/weights.gz
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/todo"
)

func main() {
	log.SetFlags(0)
	var r recipe
	flag.StringVar(&r.to, "o", "", "file to write")
	flag.StringVar(&r.labelled, "labelled", "internal/analysis/speech/testdata/labelled.tsv", "labelled sentences of others, of which the part \"read\" is learned from")
	flag.StringVar(&r.conversations, "conversations", learned("internal/analysis/evaluation/testdata"), "labelled conversations, with commas between the files")
	flag.StringVar(&r.sentences, "sentences", "internal/analysis/todo/train/sentences.txt", "labelled sentences of our own")
	flag.Parse()
	if err := r.run(); err != nil {
		log.Fatal(err)
	}
}

// learned returns the files of conversations that are learned from, with commas between them.
func learned(folder string) string {
	return folder + "/" + strings.Join([]string{"dev.txt", "more.txt", "newer.txt", "fresh.txt"}, ","+folder+"/")
}

// A recipe is what weights are made from.
type recipe struct {
	labelled, conversations, sentences string
	to                                 string
}

func (r recipe) run() error {
	all, err := r.examples()
	if err != nil {
		return err
	}
	lex, err := lexicon.Load()
	if err != nil {
		return err
	}
	weights := todo.Learn(lex, all).Pack()
	log.Printf("%d sentences, %d bytes", len(all), len(weights))
	if r.to == "" {
		return nil
	}
	return os.WriteFile(r.to, weights, 0o600)
}

// examples returns what is learned from.
func (r recipe) examples() (all []todo.Example, err error) {
	for file := range strings.SplitSeq(r.conversations, ",") {
		if all, err = appendFile(all, file, conversations); err != nil {
			return nil, err
		}
	}
	if all, err = appendFile(all, r.labelled, sentencesOfOthers); err != nil {
		return nil, err
	}
	return appendFile(all, r.sentences, ownSentences)
}

func appendFile(all []todo.Example, file string, read func(string) []todo.Example) ([]todo.Example, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read examples: %w", err)
	}
	found := read(string(text))
	if len(found) == 0 {
		return nil, fmt.Errorf("read examples: %s has none", file)
	}
	return append(all, found...), nil
}
