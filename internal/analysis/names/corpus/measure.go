package corpus

import "github.com/turnwise/turnwise/internal/analysis/names"

// A Score counts names: those that were found and are right, those that were
// found, those that there are.
type Score struct{ Right, Found, Given int }

// Precision is the share of what was found that is right.
func (s Score) Precision() float64 { return float64(s.Right) / float64(max(s.Found, 1)) }

// Recall is the share of what there is that was found.
func (s Score) Recall() float64 { return float64(s.Right) / float64(max(s.Given, 1)) }

// F1 is the harmonic mean of precision and recall.
func (s Score) F1() float64 { return 2 * float64(s.Right) / float64(max(s.Found+s.Given, 1)) }

// Plus adds up two scores.
func (s Score) Plus(t Score) Score {
	return Score{s.Right + t.Right, s.Found + t.Found, s.Given + t.Given}
}

// All is the key under which [Measure] counts names of every type together.
const All names.Type = ""

// Measure tells by type how well the names of sentences are found whose words
// were given another form, such as lower case. A name is right if its first
// word, its last word and its type are.
func Measure(t *names.Tagger, sentences []names.Sentence, form func(string) string) map[names.Type]Score {
	scores := map[names.Type]Score{}
	count := func(kind names.Type, s Score) {
		for _, k := range [...]names.Type{kind, All} {
			scores[k] = scores[k].Plus(s)
		}
	}
	for _, s := range sentences {
		words := make([]string, len(s.Words))
		for i, w := range s.Words {
			words[i] = form(w)
		}
		given, found := spans(s.Types, s.Begins), spans(t.Label(words))
		for g := range given {
			count(g.kind, Score{Given: 1})
		}
		for f := range found {
			right := 0
			if given[f] {
				right = 1
			}
			count(f.kind, Score{Right: right, Found: 1})
		}
	}
	return scores
}

type span struct {
	from, to int
	kind     names.Type
}

func spans(kinds []names.Type, begins []bool) map[span]bool {
	all := map[span]bool{}
	for i := range kinds {
		if !begins[i] || kinds[i] == "" {
			continue
		}
		end := i + 1
		for end < len(kinds) && kinds[end] == kinds[i] && !begins[end] {
			end++
		}
		all[span{i, end, kinds[i]}] = true
	}
	return all
}
