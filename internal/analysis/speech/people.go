package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A person is who is to do something.
type person struct {
	kind   Assignee
	name   Span
	at     int  // of the first word that names them
	anyone bool // "they" and the like, who may be anyone
}

// subjectBefore returns who does what the auxiliary at i begins; ok is false if a
// thing does, or it cannot be seen.
func (s *sentence) subjectBefore(i int) (who person, ok bool) {
	at := s.back(i - 1)
	if s.isCrowd(at) && s.isOne(at-1, "you", "we") {
		at-- // "you two will"
	}
	if at < 0 || s.isMark(at) || s.starts[i] && s.is(at, opener) || s.isOne(at, "and", "but") {
		return s.impliedSubject(at, i)
	}
	who, ok = pronoun(s.at(at))
	if who.at = at; ok {
		return who, true
	}
	switch s.at(at) {
	case "us":
		who.kind = Group
		for who.at = at - 1; s.is(who.at-1, determiner); {
			who.at--
		}
		return who, s.at(at-1) == "of" // "the two of us"
	case "someone", "somebody":
	default:
		return s.named(at)
	}
	return who, true
}

// pronoun returns whom a subject of one word stands for.
func pronoun(word string) (who person, ok bool) {
	switch word {
	case "i":
		who.kind = Speaker
	case "we":
		who.kind = Group
	case "you":
		who.kind = Addressee
	case "he", "she":
		who.kind = Third
	case "they":
		who.kind, who.anyone = Third, true
	default:
		return who, false
	}
	return who, true
}

// isCrowd reports whether the word at i says how many "you" or "we" are.
func (s *sentence) isCrowd(i int) bool {
	return s.in(i, crowd)
}

// impliedSubject returns who does what the auxiliary at i begins without a subject, as
// in "Will call you" and "I saw it and will call you". The word at before
// stands before it.
func (s *sentence) impliedSubject(before, i int) (who person, ok bool) {
	who.at = i
	verb := s.skip(i+1, adverb)
	if s.at(verb) == "to" {
		verb = s.skip(verb+1, adverb)
	}
	if !s.is(verb, talk|task|vague) || s.is(verb, subject|determiner|gerund) || s.inQuestion(i) {
		return who, false
	}
	if s.at(before) == "," && s.looksLikeName(before-1) { // "my assistant, Ann Lee, will call"
		who, ok = s.named(before - 1)
		return who, ok && s.at(who.at-1) == ","
	}
	if before < 0 || s.is(before, opener) && !s.isOne(before, "and", "but") {
		who.kind = Speaker
		return who, s.isOne(i, "will", "need")
	}
	first := s.skip(0, opener)
	if before <= first || s.isMark(before) {
		return who, false
	}
	switch s.at(first) {
	case "i", "i'm", "i've", "i'd", "i'll":
		who.kind = Speaker
	case "we", "we're", "we've", "we'd", "we'll":
		who.kind = Group
	default:
		who, ok = s.named(first)
		who.at = i
		return who, ok
	}
	return who, true
}

// named returns the person whose name ends at i.
func (s *sentence) named(i int) (who person, ok bool) {
	if s.isMark(i) {
		return who, false
	}
	from := i
	for from > 0 && i-from < 3 && s.looksLikeName(from-1) && s.looksLikeName(i) {
		from--
	}
	if s.is(from-1, determiner) && !s.is(i, agent) {
		return who, false // "the Commission"
	}
	who = person{kind: Third, at: from}
	switch {
	case s.isMember(i), s.looksLikeName(i):
		who.name = Span{s.words[from].Start, s.words[i].End}
		if s.isSpeaker(i) {
			who.kind = Speaker
		}
	case s.is(i, agent):
	default:
		return who, false
	}
	return who, true
}

// looksLikeName reports whether the word at i may be a part of a name: it has a
// capital letter and, at the start of a sentence, is none of the words that
// often stand there.
func (s *sentence) looksLikeName(i int) bool {
	if !s.isCapital(i) || len(s.words[i].Text) > 30 || s.isShouted(i) {
		return s.isMember(i)
	}
	if s.is(i, common|verb|opener|subject|determiner|adverb|wh|auxiliary|due|noun|agent) && !s.isMember(i) {
		return false
	}
	return i > 0 && !s.isMark(i-1) || !s.isAbstract(i)
}

// isShouted reports whether the word at i is all in capital letters.
func (s *sentence) isShouted(i int) bool {
	last, _ := utf8.DecodeLastRuneInString(s.words[i].Text)
	return unicode.IsUpper(last)
}

// isAbstract reports whether the word at i ends like a noun for a thing.
func (s *sentence) isAbstract(i int) bool {
	for _, ending := range s.vocabulary.nounEndings {
		if strings.HasSuffix(s.at(i), ending) {
			return true
		}
	}
	return false
}

// isMember reports whether the word at i is a part of the name of someone who
// takes part.
func (s *sentence) isMember(i int) bool {
	if i < 0 || i >= len(s.words) {
		return false
	}
	if s.isSpeaker(i) {
		return true
	}
	for _, name := range s.people.Others {
		if has(name, s.words[i]) {
			return true
		}
	}
	return false
}

func (s *sentence) isSpeaker(i int) bool { return has(s.people.Speaker, s.words[i]) }

// has reports whether a word is one of the words of a name, however it is
// written; words of one letter are not.
func has(name string, w words.Word) bool {
	if len(w.Lower) < 2 {
		return false
	}
	for part := range strings.FieldsSeq(name) {
		if strings.EqualFold(part, w.Text) {
			return true
		}
	}
	return false
}

// addressee returns who is spoken to with the request that begins at i: with
// the name, if one stands before it or ends the sentence after a comma.
func (s *sentence) addressee(i int) person {
	who := person{kind: Addressee, at: i}
	before := i - 1
	if s.isMark(before) {
		before--
	}
	if before >= 0 && before <= 2 && s.looksLikeName(before) {
		who.name = Span{s.words[before].Start, s.words[before].End}
		return who
	}
	last := len(s.words) - 1
	for n := 0; n < maxDistance && last > i && s.isMark(last); n++ {
		last--
	}
	if last > i && s.at(last-1) == "," && s.looksLikeName(last) {
		who.name = Span{s.words[last].Start, s.words[last].End}
	}
	return who
}
