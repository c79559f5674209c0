// Package numerals knows the words that English numbers are written with.
package numerals

import "strings"

// A Numeral is what one word says of a number.
type Numeral struct {
	Value   int64
	Scale   bool // it multiplies what stands before it: hundred, thousand …
	Ordinal bool // third, twentieth, hundredth
}

// All returns the numerals by their words in lower case. The map is the
// caller's.
func All() map[string]Numeral {
	all := map[string]Numeral{}
	count := func(first, step int64, ordinal bool, words string) {
		for word := range strings.FieldsSeq(words) {
			all[word] = Numeral{Value: first, Ordinal: ordinal}
			first += step
		}
	}
	count(0, 1, false, `zero one two three four five six seven eight nine ten eleven twelve thirteen
		fourteen fifteen sixteen seventeen eighteen nineteen`)
	count(20, 10, false, "twenty thirty forty fifty sixty seventy eighty ninety")
	count(1, 1, true, `first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
		thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth`)
	count(20, 10, true, "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth")

	scales := []int64{1e2, 1e3, 1e6, 1e9, 1e12}
	for n, word := range []string{"hundred", "thousand", "million", "billion", "trillion"} {
		all[word] = Numeral{Value: scales[n], Scale: true}
		all[word+"th"] = Numeral{Value: scales[n], Scale: true, Ordinal: true}
	}
	return all
}
