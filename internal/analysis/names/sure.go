package names

import (
	_ "embed" // the lists
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Lists of what the model is corrected by; each file says what belongs there.
var (
	//go:embed data/no_name.txt
	noNames string
	//go:embed data/sure.txt
	sureNames string
)

// sureScore is the confidence in a name that a list is sure of.
const sureScore = 0.8

// corrections are names that are sure, and words that are no names of a type, or of
// none, whatever the model says.
type corrections struct {
	sure map[string]Type
	not  map[string]Type // "" for all types
}

func readCorrections() corrections {
	c := corrections{sure: map[string]Type{}, not: map[string]Type{}}
	for name, kind := range words.Values(sureNames) {
		c.sure[name] = Type(kind)
	}
	for name, kind := range words.Values(noNames) {
		c.not[name] = Type(kind)
	}
	return c
}

// longestSure is how many tokens a sure name has at most.
const longestSure = 3

// lowerOf returns the letters of the tokens from i to end in lower case, with a blank
// between two.
func (r *buffer) lowerOf(i, end int) []byte {
	r.lower = r.lower[:0]
	for n := i; n < end; n++ {
		if n > i {
			r.lower = append(r.lower, ' ')
		}
		for _, c := range r.tokens[n].text {
			r.lower = utf8.AppendRune(r.lower, unicode.ToLower(c))
		}
	}
	return r.lower
}

// correct changes the labels of what is surely no name, and of what surely is one
// where the model sees none.
func (c corrections) correct(r *buffer) {
	for i := 0; i < len(r.path); {
		end := i + 1
		if r.path[i] == 0 {
			if known, kind := c.at(r, i); known > i {
				end = known
				for n := i; n < end; n++ {
					r.path[n] = label(2*slices.Index(types[:], kind) + 2)
				}
				r.path[i]--
			}
			i = end
			continue
		}
		for end < len(r.path) && r.path[end] == r.path[i]+1 {
			end++
		}
		if of, ok := c.not[string(r.lowerOf(i, end))]; ok && (of == "" || of == types[(r.path[i]-1)/2]) {
			clear(r.path[i:end])
		}
		i = end
	}
}

// isSure reports whether the tokens from i to end are a sure name of the type.
func (c corrections) isSure(r *buffer, i, end int, kind Type) bool {
	return c.sure[string(r.lowerOf(i, end))] == kind
}

// at returns the sure name that begins at i, where the model sees none; end is i if
// there is none.
func (c corrections) at(r *buffer, i int) (end int, kind Type) {
	if first, _ := utf8.DecodeRuneInString(r.tokens[i].text); !unicode.IsUpper(first) {
		return i, ""
	}
	for end = min(i+longestSure, len(r.tokens)); end > i; end-- {
		if slices.ContainsFunc(r.path[i:end], func(y label) bool { return y != 0 }) {
			continue
		}
		if kind, ok := c.sure[string(r.lowerOf(i, end))]; ok {
			return end, kind
		}
	}
	return i, ""
}
