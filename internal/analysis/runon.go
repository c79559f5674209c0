package analysis

import (
	"strings"
	"sync"
	"unicode"

	"github.com/turnwise/turnwise/internal/analysis/foreign"
	"github.com/turnwise/turnwise/internal/analysis/runon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Speech that a machine wrote down often has no marks and no capitals. Where an
// utterance ends no sentence with one, package runon tells where the sentences begin in
// those of its passages that have no mark at all, and package foreign does where they are
// in another language than English.

// tongues knows the languages.
var tongues = sync.OnceValue(foreign.New) //nolint:gochecknoglobals // read once, then constant

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
		case c == '.', c == '?', c == '!', c == ',', c == ';', c == ':':
			return false
		case c >= 0x80:
			return !strings.ContainsFunc(passage[i:], isForeignMark)
		}
	}
	return true
}

// isForeignMark reports whether a character is neither ASCII nor of a word in the Latin
// script.
func isForeignMark(r rune) bool {
	return r >= 0x80 && r != '’' && !unicode.Is(unicode.Latin, r)
}

// A divider divides passages without marks.
type divider struct {
	people *words.Names // those who speak, as far as they are known
	mostly string       // the language that most of the job is in
}

// split appends the sentences of a passage without marks.
//
// Who is called by name at the beginning of a sentence, one of those who speak,
// belongs to it: "raj where do we stand".
func (d divider) split(spans []span, text string, p span) []span {
	said := words.Split(nil, text[p.start:p.end])
	if len(said) < shortestRunOn {
		return append(spans, p)
	}
	start := p.start
	for _, n := range d.starts(said) {
		cut := p.start + said[n].Start
		spans = append(spans, trim(text, span{start, cut}))
		start = cut
	}
	return append(spans, trim(text, span{start, p.end}))
}

// starts returns the numbers of the words that sentences begin with, but for the first.
func (d divider) starts(said []words.Word) []int {
	isName := func(w words.Word) bool { return len(w.Lower) >= shortestName && d.people.Has(w) }
	var own foreign.Count
	tongues().Add(&own, said)
	language, sure := own.Language()
	if !sure {
		language = d.mostly
	}
	if language == foreign.English {
		return runon.English().Starts(nil, said, isName)
	}
	return tongues().Starts(nil, language, said, isName)
}
