// Command train makes the model of package tracking from utterances with known
// intents:
//
//	go run ./internal/analysis/tracking/train -data data_full.json \
//	  -o internal/analysis/tracking/data/model.bin
//
// A fifth of the intents is held out and named, so that the model can be
// measured on trackers that it has not seen, as TestEval of package tracking does.
//
// Without -o it makes no model but tells how well models of this kind do on the
// intents that are not held out, five of them made from four fifths each. That
// is the figure to watch while changing how they learn.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/tracking/intents"
)

func main() {
	data := flag.String("data", "", "file of utterances and intents")
	out := flag.String("o", "", "file to write")
	rounds := flag.Int("rounds", intents.Rounds, "of learning")
	flag.Parse()
	if err := run(*data, *out, *rounds, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(data, out string, rounds int, tell io.Writer) error {
	set, err := intents.Read(data)
	if err != nil {
		return err
	}
	lex, err := lexicon.Load()
	if err != nil {
		return err
	}
	held, rest := set.Split(0)
	if out == "" {
		f := intents.Validate(lex, rest, rounds)
		_, err := fmt.Fprintf(tell, "average precision %.4f; %.3f\n", f.AveragePrecision, f.Cuts)
		return err
	}
	names := make([]string, len(held.Intents))
	for i, intent := range held.Intents {
		names[i] = intent.Name
	}
	if _, err := fmt.Fprintf(tell, "held out: %s\n", strings.Join(names, ", ")); err != nil {
		return err
	}
	return os.WriteFile(out, intents.Train(lex, rest, rounds).Pack(), 0o644)
}
