// Command train makes the model of package tracking from utterances with known
// intents:
//
//	go run ./internal/analysis/tracking/train -data data_full.json \
//	  -o internal/analysis/tracking/data/model.bin
//
// A fifth of the intents is held out and named, so that the model can be
// measured on trackers that it has not seen.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/tracking/intents"
)

func main() {
	data := flag.String("data", "", "file of utterances and intents")
	out := flag.String("o", "", "file to write")
	split := flag.Int("split", 0, "which fifth of the intents to hold out, 0 to 4")
	flag.Parse()
	if err := run(*data, *out, *split); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(data, out string, split int) error {
	if split < 0 || split >= intents.Splits {
		return fmt.Errorf("split %d, want 0 to %d", split, intents.Splits-1)
	}
	set, err := intents.Read(data)
	if err != nil {
		return err
	}
	lex, err := lexicon.Load()
	if err != nil {
		return err
	}
	model := set.Train(lex, split)
	held, _ := set.Split(split)
	fmt.Fprint(os.Stderr, "held out:")
	for _, intent := range held {
		fmt.Fprint(os.Stderr, " ", intent.Name)
	}
	fmt.Fprintln(os.Stderr)
	for seed := range uint64(3) {
		f := set.Measure(model, split, seed)
		fmt.Fprintf(os.Stderr, "seed %d: average precision %.3f, at 0.5 precision %.3f recall %.3f\n",
			seed, f.AveragePrecision, f.Precision, f.Recall)
	}
	return os.WriteFile(out, model.Pack(), 0o644)
}
