package analysis

import (
	"embed"
	"strings"
	"sync"

	"github.com/jdkato/prose/v3/segment"
	"gopkg.in/neurosnap/sentences.v1"
	punkt "gopkg.in/neurosnap/sentences.v1/data"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

//go:embed data/*.txt
var data embed.FS

// A segmenter finds sentences by prose's rules and the Punkt model of English
// (Kiss and Strunk, 2006).
type segmenter struct {
	*segment.Segmenter

	ambiguous     map[string]bool // words after which a full stop may not end a sentence
	abbreviations map[string]bool // that the model lacks
	months        map[string]bool // that a day with a point stands before
}

// english reads the model, in 15 ms, when the first text needs it.
var english = sync.OnceValue(func() *segmenter { //nolint:gochecknoglobals // read once, then constant
	file, err := punkt.Asset("data/english.json")
	if err != nil {
		panic(err) // it is compiled in
	}
	model, err := sentences.LoadTraining(file)
	if err != nil {
		panic(err)
	}
	for word := range words.Terms(words.Read(data, "never_final")) {
		model.AbbrevTypes.Add(word)
	}
	doubtful := make(map[string]bool, len(model.AbbrevTypes)+len(model.Collocations))
	for word := range model.AbbrevTypes {
		doubtful[word] = true
	}
	for pair := range model.Collocations {
		first, _, _ := strings.Cut(pair, ",")
		doubtful[first] = true
	}
	return &segmenter{segment.WithTraining(model), doubtful, setOf("abbreviation"), setOf("month_behind")}
})
