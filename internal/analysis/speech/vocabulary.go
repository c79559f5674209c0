package speech

import (
	"embed"
	"maps"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

//go:embed data/*.txt
var data embed.FS

// An entry is a word of the vocabulary in the form that the rules use, with
// its classes and the lists that it is in.
type entry struct {
	form  string
	class class
	lists list
}

// A vocabulary is what the rules know of words. It is read from the files in
// data.
type vocabulary struct {
	words          map[string]entry
	nounEndings    []string
	notVerbEndings []string
	pairs          map[pair]bool // verbs with a particle
	talkPairs      map[pair]bool // such that are of communicating
}

func readVocabulary() *vocabulary {
	v := &vocabulary{
		words:          map[string]entry{},
		nounEndings:    slices.Collect(words.Terms(words.Read(data, "noun_ending"))),
		notVerbEndings: slices.Collect(words.Terms(words.Read(data, "not_verb_ending"))),
		pairs:          readPairs("phrasal_verb"),
		talkPairs:      readPairs("talk_pair"),
	}
	for bit, name := range classNames() {
		for word := range words.Terms(words.Read(data, name)) {
			v.add(word, entry{class: 1 << bit})
		}
	}
	for bit, name := range listNames() {
		for word := range words.Terms(words.Read(data, name)) {
			v.add(word, entry{lists: 1 << bit})
		}
	}
	for word, form := range words.Values(words.Read(data, "alias")) {
		e := v.words[form]
		e.form = form
		v.words[word] = e
	}
	v.addForms()
	for word := range words.Terms(words.Read(data, "contraction")) {
		v.add(word, entry{class: common})
	}
	v.addCurly()
	return v
}

// add adds the classes and the lists of e to those of a word.
func (v *vocabulary) add(word string, e entry) {
	known := v.words[word]
	v.words[word] = entry{form: word, class: known.class | e.class, lists: known.lists | e.lists}
}

// addForms adds the -ing forms and the participles of the verbs: "send" gives
// sending, "make" making and maked, "plan" planning. Some of them are not
// English, which does no harm.
func (v *vocabulary) addForms() {
	made := map[string]class{}
	for word, e := range v.words {
		kind := e.class & (talk | task | vague | weak | answer | carrier)
		if kind == 0 || len(word) < 2 {
			continue
		}
		stem := strings.TrimSuffix(word, "e")
		for _, stem := range []string{word, stem, word + word[len(word)-1:]} {
			made[stem+"ing"] |= kind | gerund
		}
		if kind&(talk|task) != 0 {
			for _, stem := range []string{stem, word + word[len(word)-1:]} {
				made[stem+"ed"] |= past
			}
		}
	}
	for word, kind := range made {
		v.add(word, entry{class: kind})
	}
}

// addCurly adds every word with an apostrophe as it is written with a curly
// one.
func (v *vocabulary) addCurly() {
	curly := map[string]entry{}
	for word, e := range v.words {
		if strings.Contains(word, "'") {
			curly[strings.ReplaceAll(word, "'", "’")] = e
		}
	}
	maps.Copy(v.words, curly)
}
