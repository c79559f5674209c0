package speech

import (
	_ "embed" // the words
	"maps"
	"strings"
)

//go:embed data/vocabulary.txt
var vocabularyText string

// A class is what the rules know of a word; a word may be of several.
type class uint32

const (
	talk       class = 1 << iota // a verb of communicating or meeting
	task                         // a verb of doing something that can be done with
	vague                        // a verb that says little without what follows it
	weak                         // a verb of presence or of the talk itself
	state                        // a verb of being or feeling
	aside                        // a verb of saying: "I must say"
	formula                      // what "please" says out of politeness
	answer                       // what a request for words asks for
	gerund                       // the -ing form of a verb
	past                         // the participle of a verb of doing
	adverb                       // may stand between subject, auxiliary and verb
	opener                       // may stand before a clause
	hedge                        // makes less certain
	object                       // a pronoun that something is done to
	determiner                   // begins a noun phrase
	subject                      // a pronoun that does something
	agent                        // a common noun for people who are given work
	noun                         // of a meeting or a message
	due                          // of a time that something may be due at
	ends                         // begins a clause of its own
	common                       // begins a sentence, and names nobody
	wh                           // begins a question
	cue                          // the rules look for something to do there
	auxiliary
	not
	small   // what small talk asks after
	page    // of what stands on a page or in a mailing
	carrier // a verb that may have a meeting or a message for its object

	verb = talk | task | vague | weak | state | aside | formula | answer
)

// An entry is a word of the vocabulary in the form that the rules use, and
// its classes.
type entry struct {
	form  string
	class class
}

type vocabulary map[string]entry

func readVocabulary() vocabulary {
	v := vocabulary{}
	classes := map[string]class{
		"talk": talk, "task": task, "vague": vague, "weak": weak, "past": past, "state": state, "aside": aside, "formula": formula,
		"answer": answer, "adverb": adverb, "opener": opener, "hedge": hedge, "object": object,
		"determiner": determiner, "subject": subject, "agent": agent, "noun": noun, "due": due,
		"ends": ends, "common": common, "wh": wh, "cue": cue, "auxiliary": auxiliary, "not": not, "small": small, "page": page, "carrier": carrier,
	}
	for line := range strings.Lines(vocabularyText) {
		name, list, found := strings.Cut(line, ":")
		if !found || strings.HasPrefix(line, "#") {
			continue
		}
		for word := range strings.FieldsSeq(list) {
			if name == "alias" {
				from, to, _ := strings.Cut(word, "=")
				v[from] = entry{form: to, class: v[to].class}
				continue
			}
			v.add(word, classes[name])
		}
	}
	v.addForms()
	v.addCurly()
	return v
}

func (v vocabulary) add(word string, c class) {
	v[word] = entry{form: word, class: v[word].class | c}
}

// addForms adds the -ing forms and the participles of the verbs: "send" gives
// sending, "make" making and maked, "plan" planning. That some of them do not
// exist harms nothing.
func (v vocabulary) addForms() {
	made := map[string]class{}
	for word, e := range v {
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
		v.add(word, kind)
	}
}

// addCurly adds every contraction as it is written with a curly apostrophe.
func (v vocabulary) addCurly() {
	for _, c := range []string{
		"i'm", "i've", "i'd", "i'll", "we're", "we've", "we'd", "we'll", "you're", "you've", "you'd", "you'll",
		"he's", "he'd", "he'll", "she's", "she'd", "she'll", "they're", "they've", "they'd", "they'll", "it's",
		"it'll", "let's", "that's", "there's", "that'll", "there'll",
	} {
		v.add(c, common)
	}
	curly := map[string]entry{}
	for word, e := range v {
		if strings.Contains(word, "'") {
			curly[strings.ReplaceAll(word, "'", "’")] = e
		}
	}
	maps.Copy(v, curly)
}
