package foreign

import (
	"embed"
	"maps"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

//go:embed data/*.txt
var data embed.FS

// A Finder knows the languages. It does not change and may be shared.
type Finder struct {
	common map[string]uint8 // a bit for each language
	of     map[string]*rules
}

// Rules are what is known of one language.
type rules struct {
	tasks     []pattern
	verbs     map[string]byte // by stem: 'a' of doing, 'f' of communicating
	longest   int             // of the stems, in bytes
	questions map[string]bool
	dates     map[string]string
	clauses   clauses
}

// A pattern is a phrase that leaves something to do.
type pattern struct {
	words []string
	who   string // me, you, we, they, nobody
	first bool   // only at the start of a sentence
	talks bool   // it is communicating without a verb that says so
}

// New returns a Finder.
func New() *Finder {
	f := &Finder{common: map[string]uint8{}, of: map[string]*rules{}}
	for n, language := range languages() {
		for word := range words.Terms(words.Read(data, "common_"+language)) {
			f.common[word] |= 1 << n
		}
		if language != English {
			f.of[language] = readRules(language)
		}
	}
	return f
}

func readRules(language string) *rules {
	r := &rules{verbs: map[string]byte{}, questions: map[string]bool{}, dates: map[string]string{}, clauses: readClauses(language)}
	for phrase, value := range words.Values(words.Read(data, "task_"+language)) {
		who, rest, _ := strings.Cut(value, " ")
		r.tasks = append(r.tasks, pattern{strings.Fields(phrase), who, rest == "first", rest == "f"})
	}
	for stem, kind := range words.Values(words.Read(data, "verb_"+language)) {
		r.verbs[stem] = kind[0]
		r.longest = max(r.longest, len(stem))
	}
	for word := range words.Terms(words.Read(data, "question_"+language)) {
		r.questions[word] = true
	}
	maps.Insert(r.dates, words.Values(words.Read(data, "date_"+language)))
	return r
}

// InEnglish appends the words of a text in a language with those of dates as they
// would be in English, for who reads dates. Where they stand is as it was.
func (f *Finder) InEnglish(to []words.Word, language string, said []words.Word) []words.Word {
	r := f.of[language]
	for i, w := range said {
		english, ok := "", false
		if r != nil {
			english, ok = r.dates[w.Lower]
		}
		switch {
		case ok && i > 0 && (said[i-1].Lower == "guten" || said[i-1].Lower == "bom"):
			continue // good morning
		case ok && w.Lower == "mañana" && i > 0 && said[i-1].Lower == "la":
			w.Lower = "morning"
		case ok && english == "-":
			continue
		case ok:
			w.Lower = english
		case w.Text == "." && i > 0 && i+1 < len(said) && isNumber(said[i-1].Lower):
			continue // 3. Mai
		case w.Text == "-":
			continue // sexta-feira
		case !isNumber(w.Lower) && !w.IsMark():
			w.Lower = "–" // no word of English
		}
		to = append(to, w)
	}
	return to
}

func isNumber(word string) bool { return word != "" && '0' <= word[0] && word[0] <= '9' }
