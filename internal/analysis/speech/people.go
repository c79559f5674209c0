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

// isSame reports whether both are the same person, as far as the sentence says.
func (p person) isSame(q person) bool { return p.kind == q.kind && p.name == q.name }

// isOne reports whether it is one person who is known: the speaker, or one who is
// named.
func (p person) isOne() bool { return p.kind == Speaker || p.name != (Span{}) }

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
	if ok && s.at(at-1) == "of" && s.isOne(at-2, "one", "either", "each") {
		return person{at: at - 2}, true // "one of you should"
	}
	if s.isOne(i, "have", "better") && !ok {
		short, _ := strings.CutSuffix(s.at(at), "'d") // "I'd have to", "you'd better"
		who, ok = pronoun(short)
	}
	if who.at = at; ok {
		if s.isOne(at, "he", "she") {
			who.name = s.spokenOf(at)
		}
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
		return who, true
	}
	if s.isOne(at-1, "from", "in", "at") || s.is(at-1, determiner) && s.isOne(at-2, "on", "in", "from", "at") {
		if who, ok = s.describedPerson(at); ok {
			return who, true
		}
	}
	if who, ok = s.named(at); ok {
		return who, true
	}
	return s.describedPerson(at)
}

// spokenOf returns the name of the one person whom the sentence has named before "he" or
// "she" at i: "Sophie works on it, she will send it".
func (s *sentence) spokenOf(i int) (name Span) {
	for n := s.skip(0, opener); n < i && n < 2*maxDistance; n++ {
		if !s.isMember(n) && (n > 0 && !s.isMark(n-1) && !s.starts[n] || !s.looksLikeName(n)) || s.isSpeaker(n) {
			continue
		}
		if name != (Span{}) && s.words[n].Start > name.End+1 {
			return Span{}
		}
		if name == (Span{}) {
			name.Start = s.words[n].Start
		}
		name.End = s.words[n].End
	}
	return name
}

// describedPerson returns the person of whom more is said up to i: "Sam from
// accounting", "the guy at the desk".
func (s *sentence) describedPerson(i int) (who person, ok bool) {
	for n := i - 1; n > 0 && n >= i-4 && !s.isMark(n); n-- {
		if !s.isOne(n, "from", "at", "in", "on", "of") {
			continue
		}
		if who, ok = s.named(n - 1); ok && (who.at == 0 || s.is(n-1, agent) || s.starts[who.at] || s.isOne(who.at-1, "and", "so", "but", "then", "think", "that")) {
			return who, s.at(n) != "of" || s.is(n-1, agent)
		}
		return who, false
	}
	return who, false
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
	if before < 0 || s.is(before, opener) && !s.isOne(before, "and", "but") || s.isBrief(before) {
		who.kind = Speaker
		return who, s.isOne(i, "will", "need")
	}
	first := s.skip(0, opener)
	if before <= first || s.isMark(before) || s.is(before, wh) {
		return who, false
	}
	if s.isOne(before, "and", "but") {
		first = s.subjectAhead(before, first)
	}
	switch s.at(first) {
	case "i", "i'm", "i've", "i'd", "i'll":
		who.kind = Speaker
	case "we", "we're", "we've", "we'd", "we'll":
		who.kind = Group
	default:
		if s.is(first, determiner) {
			first++ // "our lawyer reads it and will call"
		}
		who, ok = s.named(first)
		who.at = i
		return who, ok
	}
	return who, true
}

// isBrief reports whether the comma at i ends an answer, or one's own doing told without a
// subject: "nope, will reply", "got it here, will hand it in".
func (s *sentence) isBrief(i int) bool {
	if s.at(i) != "," {
		return false
	}
	first := s.skip(0, opener)
	return s.is(i-1, opener) && s.starts[i-1] || first < i && (s.is(first, past|gerund) || s.isOne(first, "got", "not", "done", "me"))
}

// subjectAhead returns where the "I" or "we" stands that begins the clause before i; first
// if it has none.
func (s *sentence) subjectAhead(i, first int) int {
	for n := i - 1; n > first && n > i-2*maxDistance; n-- {
		if s.isOne(n, "i", "i've", "i'm", "we", "we've") && s.isMark(n-1) {
			return n
		}
	}
	return first
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
	if s.is(from-1, determiner) && !s.is(i, agent) && !s.isTrade(i) {
		return who, false // "the Commission"
	}
	who = person{kind: Third, at: from}
	switch {
	case s.isMember(i), s.looksLikeName(i):
		if from > 1 && s.at(from-1) == "." && s.in(from-2, title) {
			from -= 2
		} else if from > 0 && s.in(from-1, title) && s.isCapital(from-1) {
			from--
		}
		who.at, who.name = from, Span{s.words[from].Start, s.words[i].End}
		if s.is(from-1, agent) { // "my colleague Ann will"
			if who.at = s.agentStart(from - 1); s.is(who.at-1, determiner) {
				who.at--
			}
		}
		if s.isSpeaker(i) {
			who.kind = Speaker
		}
	case s.is(i, agent), s.isTrade(i):
		who.at = s.agentStart(i)
		if s.at(who.at-1) == "of" && s.at(who.at-2) == "one" {
			who.at -= 2
		}
		who.name = Span{s.words[who.at].Start, s.words[i].End}
	default:
		return who, false
	}
	return who, true
}

// isTrade reports whether an unknown word at i looks like one for who does a trade, behind
// an article: "the valuer".
func (s *sentence) isTrade(i int) bool {
	if i < 1 || !s.is(i-1, determiner) || s.isMark(i) || s.class[i] != 0 || s.lists[i]&^thing != 0 || s.in(i, thing) || len(s.at(i)) < 6 || s.isCapital(i) {
		return false
	}
	word := s.at(i)
	if s.at(i-2) == "of" && s.isOne(i-3, "one", "two", "some") {
		word = strings.TrimSuffix(word, "s") // "one of our assessors"
	}
	for _, ending := range [...]string{"er", "or", "ist", "ian", "eer"} {
		if strings.HasSuffix(word, ending) {
			return true
		}
	}
	return false
}

// agentStart returns where the name of a role that ends at i begins, behind its
// article: "legal team" of "the legal team", "my colleague".
func (s *sentence) agentStart(i int) int {
	for n := i - 1; n >= 0 && n >= i-3 && !s.isMark(n); n-- {
		switch {
		case s.isOne(n, "the", "a", "an"):
			return n + 1
		case s.isOne(n, "my", "our", "your", "his", "her", "their"):
			return n
		case s.is(n, verb|auxiliary|subject) && !s.is(n, noun|agent|task):
			return i
		}
	}
	return i
}

// looksLikeName reports whether the word at i may be a part of a name: it has a
// capital letter and, at the start of a sentence, is none of the words that
// often stand there.
func (s *sentence) looksLikeName(i int) bool {
	if !s.isCapital(i) || len(s.words[i].Text) > 30 || s.isShouted(i) {
		return s.isMember(i)
	}
	if (s.is(i, common|verb|opener|subject|determiner|adverb|wh|auxiliary|due|noun|agent) || s.in(i, mood|title|spot)) && !s.isMember(i) {
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
	return len(s.words[i].Lower) >= 2 && s.people.Members.Has(s.words[i])
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

// endsWithCall reports whether the last word, at i, calls a member without a
// comma: "can you write it ann".
func (s *sentence) endsWithCall(i int) bool {
	return s.isMember(i) && !s.isSpeaker(i) && !s.is(i-1, talk|task|vague) && !s.isOne(i-1, "to", "with", "for", "from", "by", "and", "or", "about", "of", "mr", "mrs", "ms", "dr")
}

// addressee returns who is spoken to with the request that begins at i: with
// the name, if one stands before it or ends the sentence after a comma.
func (s *sentence) addressee(i int) person {
	who := person{kind: Addressee, at: i}
	before := i - 1
	if s.isMark(before) {
		before--
	}
	if before >= 0 && (before <= 2 && s.looksLikeName(before) || before < i-1 && s.isCalledAt(before)) {
		who.name = Span{s.words[before].Start, s.words[before].End}
		return who
	}
	last := len(s.words) - 1
	for n := 0; n < maxDistance && last > i && s.isMark(last); n++ {
		last--
	}
	if last > i && (s.at(last-1) == "," && s.looksLikeName(last) || last > i+2 && s.endsWithCall(last)) {
		who.name = Span{s.words[last].Start, s.words[last].End}
	}
	return who
}
