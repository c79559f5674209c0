// Command train makes the model of package names from labelled text:
//
//	go run ./internal/analysis/names/train -o internal/analysis/names/data/model.gz DIR
//
// DIR holds WNUT17, BTC and wikigold, which data/README.md lists. The same
// text makes the same bytes.
//
// What the model is made of, a recipe says: which text, how much of it once
// more in lower case, which features, how many rounds. The recipe was chosen
// by text for development alone, which
//
//	go run ./internal/analysis/names/train -dev DIR
//
// does again, printing all it looks at, in some ten minutes of two cores. The
// text for tests takes no part in either. Each alternative is judged by the
// mean of six micro F1: on WNUT 2017's part for development, on section h of
// the Broad Twitter Corpus, and on the first four fifths of wikigold by
// leaving out a quarter at a time, each as it is and in lower case. Choices are
// made one after the other, each on top of those before; an alternative is
// taken if its mean is the highest and at least 0.002 above that of what was
// chosen so far.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/corpus"
)

func main() {
	out := flag.String("o", "", "file to write the model to")
	dev := flag.Bool("dev", false, "choose the recipe anew, and print by which figures")
	flag.Parse()
	if err := run(*out, *dev, flag.Args(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(out string, dev bool, args []string, w io.Writer) error {
	if len(args) != 1 || (out == "") == !dev {
		return errors.New("name the folder of labelled text, and either -o FILE or -dev")
	}
	text, err := corpus.Load(args[0])
	if err != nil {
		return err
	}
	lex, err := lexicon.Load()
	if err != nil {
		return err
	}
	if dev {
		return choose(w, lex, text)
	}
	sentences := shipped().sentences(text, corpus.Quarters)
	packed := names.Train(lex, sentences, shipped().options).Pack()
	fmt.Fprintf(w, "%d sentences, %d bytes\n", len(sentences), len(packed))
	return os.WriteFile(out, packed, 0o644)
}
