// Package numerals knows the English words for numbers, from the files in data.
//
// It does not read numbers of several words: packages patterns and moments do,
// each by its own rules.
package numerals

import (
	"embed"
	"fmt"
	"strconv"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

//go:embed data/*.txt
var data embed.FS

// A Numeral is the meaning of one word in a number.
type Numeral struct {
	Value   int64
	Scale   bool // it multiplies what stands before it: hundred, thousand …
	Ordinal bool // third, twentieth, hundredth
}

// All returns the numerals by their words in lower case. The map is the
// caller's.
func All() map[string]Numeral {
	all := map[string]Numeral{}
	for word, value := range words.Values(words.Read(data, "cardinal")) {
		all[word] = Numeral{Value: number(value)}
	}
	for word, value := range words.Values(words.Read(data, "ordinal")) {
		all[word] = Numeral{Value: number(value), Ordinal: true}
	}
	for word, value := range words.Values(words.Read(data, "scale")) {
		all[word] = Numeral{Value: number(value), Scale: true}
		all[word+"th"] = Numeral{Value: number(value), Scale: true, Ordinal: true}
	}
	return all
}

// number reads the value of a word.
func number(value string) int64 {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		panic(fmt.Errorf("read a vocabulary: %w", err))
	}
	return n
}
