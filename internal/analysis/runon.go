package analysis

import (
	"github.com/turnwise/turnwise/internal/analysis/runon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Speech that a machine wrote down often has no marks and no capitals. Where an
// utterance ends no sentence with one, package runon tells where those of its
// passages begin that have no mark at all.

// shortestRunOn is how many words a passage has at least that is split without marks.
const shortestRunOn = 5

// shortestName is how many bytes a word has at least that is taken for the name of one
// who is called.
const shortestName = 3

// endsAnywhere reports whether a mark ends a sentence of a text. Who writes such marks
// writes them all, but perhaps for the last.
func endsAnywhere(text string) bool {
	for i := range len(text) {
		switch text[i] {
		case '.', '?', '!':
			if i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\n' || text[i+1] == '\r' {
				return true
			}
		}
	}
	return false
}

// isUnmarked reports whether a passage has no mark that could end or part
// sentences.
func isUnmarked(passage string) bool {
	for i := range len(passage) {
		switch c := passage[i]; {
		case c >= 0x80, c == '.', c == '?', c == '!', c == ',', c == ';', c == ':':
			return false
		}
	}
	return true
}

// splitRunOn appends the sentences of a passage without marks.
//
// Who is called by name at the beginning of a sentence, one of those who speak,
// belongs to it: "raj where do we stand".
func splitRunOn(spans []span, text string, p span, people *words.Names) []span {
	said := words.Split(nil, text[p.start:p.end])
	if len(said) < shortestRunOn {
		return append(spans, p)
	}
	start := p.start
	for _, n := range runon.English().Starts(nil, said, func(w words.Word) bool { return len(w.Lower) >= shortestName && people.Has(w) }) {
		cut := p.start + said[n].Start
		spans = append(spans, trim(text, span{start, cut}))
		start = cut
	}
	return append(spans, trim(text, span{start, p.end}))
}
