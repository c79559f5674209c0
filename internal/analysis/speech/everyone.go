package speech

import "strings"

// Scores of rules that several are given.
const (
	everyoneDoes = 0.54 // "everybody brings something to eat"
	memberDoes   = 0.52 // "Amar writes those, I'll edit"
	goesOut      = 0.54 // "it goes on the door this afternoon"
)

// doneByAll returns the action that everybody or nobody is to do, who stand at i, or
// whoever fits: "nobody carries boxes down the stairs", "whoever closes tonight, empty it".
func (s *sentence) doneByAll(i int) (d action, ok bool) {
	verb := s.skip(i+1, adverb)
	if s.at(i) == "each" && s.at(i+1) == "of" {
		verb = i + 3
	}
	if !s.starts[i] && s.at(i-1) != "and" || s.inQuestion(i) || s.isHabit() {
		return d, false
	}
	if s.at(i) == "whoever" {
		return s.doneByWhoever(i)
	}
	if !s.isPresent(verb) || s.isMark(verb+1) && !s.hasLaterTime || s.isOne(verb, "works", "costs", "reports", "needs", "finds") {
		return d, false
	}
	named := s.is(verb+1, object|determiner) || s.isSome(verb+1)
	bounded := s.hasLaterTime || s.hasPlease() || s.isBounded(verb)
	if !bounded && (!named || s.at(i) == "nobody") {
		return d, false
	}
	d.at, d.score, d.value, d.assignee = verb, everyoneDoes, taskValue, person{at: i}
	d.communicates = s.isPresentTalk(verb)
	return d, true
}

// doneByWhoever returns what is to be done by whoever does something, at i: the verb of the
// main clause, which is an order or has the form of the third person.
func (s *sentence) doneByWhoever(i int) (d action, ok bool) {
	clause := 0
	for n := i + 2; n < i+2*maxDistance && n < len(s.words); n++ {
		order := s.is(n, talk|task) && s.isMark(n-1) && !s.is(n, gerund)
		if !order && !s.isPresent(n) || !s.is(n+1, object|determiner) {
			continue
		}
		if clause++; order || clause == 2 || s.isOne(n-1, "last", "first", "there") || s.is(n-1, due) {
			d.at, d.score, d.value, d.assignee = n, everyoneDoes, taskValue, person{at: i}
			d.communicates = order && s.communicatesAt(n)
			return d, true
		}
	}
	return d, false
}

// isPresent reports whether the third person of a verb of doing stands at i: "brings".
func (s *sentence) isPresent(i int) bool { return s.stemOf(i)&task != 0 || s.isPresentTalk(i) }

func (s *sentence) isPresentTalk(i int) bool {
	return s.stemOf(i)&talk != 0 || i+1 < len(s.words) && s.vocabulary.talkPairs[pair{strings.TrimSuffix(s.at(i), "s"), s.forms[i+1]}]
}

// stemOf returns the classes of the verb of which the word at i is the third person.
func (s *sentence) stemOf(i int) class {
	word := s.at(i)
	if len(word) < 4 || !strings.HasSuffix(word, "s") || strings.HasSuffix(word, "ss") {
		return 0
	}
	if c := s.vocabulary.words[word[:len(word)-1]].class; c != 0 {
		return c
	}
	if strings.HasSuffix(word, "ies") && len(word) < 20 {
		var base [20]byte
		n := copy(base[:], word[:len(word)-3])
		base[n] = 'y'
		return s.vocabulary.words[string(base[:n+1])].class
	}
	if strings.HasSuffix(word, "es") {
		return s.vocabulary.words[word[:len(word)-2]].class
	}
	return 0
}

// hasPlease reports whether the sentence says "please".
func (s *sentence) hasPlease() bool {
	for n := range s.words {
		if s.isOne(n, "please", "kindly") {
			return true
		}
	}
	return false
}

// isBounded reports whether the clause from i on holds until something happens.
func (s *sentence) isBounded(i int) bool {
	for n := i + 1; n < i+2*maxDistance && !s.isMark(n); n++ {
		if s.isOne(n, "until", "till", "before") {
			return true
		}
	}
	return false
}

// memberDoes returns the action that a member, who is named at i, does by arrangement:
// "Amar writes those, I'll edit".
func (s *sentence) memberDoes(i int) (d action, ok bool) {
	verb := s.skip(i+1, adverb)
	if !s.starts[i] || s.isSpeaker(i) || !s.isMember(i) || !s.isPresent(verb) || s.inQuestion(i) || s.isHabit() {
		return d, false
	}
	if !s.isOne(verb+1, "it", "them", "those", "these", "that", "this") && !s.hasLaterTime {
		return d, false
	}
	d.at, d.score, d.value = verb, memberDoes, taskValue
	d.communicates = s.isPresentTalk(verb)
	d.assignee = person{kind: Third, at: i, name: Span{s.words[i].Start, s.words[i].End}}
	return d, true
}

// goesOut returns the action of the speaker who says when a thing is put somewhere, at i: "it
// goes on the door this afternoon".
func (s *sentence) goesOut(i int) (d action, ok bool) {
	if !s.hasLaterTime || s.inQuestion(i) || s.isHabit() || !s.isOne(i-1, "it", "this", "that", "everything", "they", "those") {
		return d, false
	}
	if s.isSubordinator(i-2) || s.isOne(i-2, "when", "if", "until") {
		return d, false
	}
	if !s.isOne(i+1, "out", "online", "live", "up") && (!s.isOne(i+1, "on", "in", "into", "to") || !s.is(i+2, determiner)) {
		return d, false
	}
	d.at, d.score, d.value, d.assignee = i, goesOut, 0, person{kind: Speaker, at: i}
	if s.at(i-1) == "everything" {
		d.assignee.kind = Nobody
	}
	return d, true
}
