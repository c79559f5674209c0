package speech

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Guess returns the task of a sentence that gives somebody something to do in a way that no
// rule knows, as its caller has reason to believe: who is to do it by the first subject, name
// or order that a clause begins with, and the words of that clause. Kind and score are the caller's.
func (f *Finder) Guess(said []words.Word, who People) Finding {
	s := f.sentences.Get().(*sentence)
	defer f.sentences.Put(s)
	defer s.reset()
	s.read(f.vocabulary, said, who)
	d := s.guess()
	if d.assignee.kind == Nobody || d.assignee.kind == Addressee {
		s.call(&d)
	}
	return Finding{Kind: ActionItem, Assignee: d.assignee.kind, Name: d.assignee.name, Guessed: true, Phrases: []Span{s.phrase(d.at)}}
}

// guess returns the action of the first clause that says who is to do something.
func (s *sentence) guess() (d action) {
	if i, ok := s.asksListener(); ok {
		d.assignee, d.at = person{kind: Addressee, at: i}, min(s.guessVerb(i+1), len(s.words)-1)
		return d
	}
	for i := range s.words {
		if !s.starts[i] {
			continue
		}
		first := s.skip(i, opener)
		first = s.skipOpening(first)
		if first >= len(s.words) {
			break
		}
		if who, verb, ok := s.guessSubject(first); ok {
			d.assignee, d.at = who, min(verb, len(s.words)-1)
			return d
		}
	}
	first := s.skip(0, opener)
	if s.isMember(first) && s.at(first+1) == "," {
		first++
	}
	d.at = min(s.skipOpening(first), len(s.words)-1)
	return d
}

// skipOpening returns the first word from i on that is neither a mark nor opens a clause.
func (s *sentence) skipOpening(i int) int {
	for n := 0; n < maxDistance && i < len(s.words) && s.isMark(i); n++ {
		i = s.skip(i+1, opener)
	}
	return i
}

// asksListener returns the last word of what surely speaks to the listener: "could you", "I'd
// like you to", "I need the keys".
func (s *sentence) asksListener() (i int, ok bool) {
	for i := range s.words {
		switch {
		case s.at(i) == "please", s.is(i, auxiliary) && s.at(i+1) == "you" && s.starts[i]:
			return i + 1, s.at(i) != "please" || !s.isMark(i+1)
		case s.isOne(i, "need", "want", "like", "appreciate", "ask") && s.isOne(s.back(i-1), "i", "i'd", "i'll", "we", "we'd", "would") && !s.isOne(i+1, "to", "if"):
			if s.at(i+1) == "you" {
				return i + 1, true
			}
			return i - 1, s.at(i) != "ask" && s.is(i+1, determiner|object)
		}
	}
	return 0, false
}

// guessSubject returns who is to do what a clause says that begins at i, and where the words
// for it begin.
func (s *sentence) guessSubject(i int) (who person, verb int, ok bool) {
	verb = s.guessVerb(i + 1)
	who.at = i
	switch s.at(i) {
	case "i", "i'll", "i'm", "i've", "i'd":
		who.kind = Speaker
		return who, verb, true
	case "you'll", "it'll", "that'll":
		who.kind = Addressee
		if s.at(i) != "you'll" || s.isOne(verb, "have", "get", "find", "receive", "hear", "see") {
			who.kind = Speaker // who will see to it
		}
		return who, verb, true
	case "you", "you've", "you'd", "you're", "your", "please":
		who.kind = Addressee
		return who, verb, true
	case "we", "we'll", "we're", "we've", "we'd", "let's":
		who.kind = Group
		return who, verb, true
	case "someone", "somebody", "anyone", "anybody", "everyone", "everybody", "whoever", "nobody":
		return who, verb, true
	case "let":
		if s.isMe(i + 1) {
			who.kind = Speaker
			return who, s.guessVerb(i + 2), true
		}
	case "will", "gonna", "shall":
		if !s.is(i+1, subject|determiner) && !s.isMember(i+1) {
			who.kind = Speaker
			return who, verb, true
		}
	}
	if s.isOne(i, "shall", "can", "could", "should") && s.isOne(i+1, "i", "we") {
		if who.kind = Speaker; s.at(i+1) == "we" {
			who.kind = Group
		}
		return who, s.guessVerb(i + 2), true
	}
	if s.is(i, auxiliary) && !s.isOne(i, "do", "don't", "have") {
		if s.at(i+1) == "you" {
			who.kind = Addressee
			return who, s.guessVerb(i + 2), true
		}
		return who, verb, false
	}
	return s.guessOther(i)
}

// guessOther returns who is to do what a clause says that begins at i with a name, a role or a
// verb.
func (s *sentence) guessOther(i int) (who person, verb int, ok bool) {
	for n := i; n < i+4 && !s.isMark(n); n++ {
		if who, ok = s.guessShort(i, n); ok {
			return who, n + 1, true
		}
		acts := s.is(n+1, auxiliary) || s.isOne(n+1, "does", "gets", "takes", "is") || s.at(n+1) == "and" && s.isMember(n)
		if !acts {
			continue
		}
		if who, ok = s.named(n); ok {
			return who, s.guessVerb(n + 1), true
		}
	}
	if s.is(i, determiner|subject|object|wh|adverb) || s.isMember(i) {
		return who, i, false
	}
	isVerb := s.is(i, task|talk|vague|weak|carrier) && !s.is(i, gerund|past) || s.in(i, plainVerb) || s.isOne(i, "don't", "do")
	if isVerb || !s.isMark(i+1) && (s.is(i+1, object|determiner) || s.in(i+1, particle) || s.isOne(i+1, "round", "past", "by", "along")) && !s.isOne(i, "at", "in", "on", "by", "for", "of", "after", "before", "with", "as") {
		return person{kind: Addressee, at: i}, i, true
	}
	return who, i, false
}

// guessShort returns the person of a clause that begins at from, whose role or name ends with a
// short "is" at i: "my brother's picking it up".
func (s *sentence) guessShort(from, i int) (who person, ok bool) {
	role, ok := strings.CutSuffix(strings.ReplaceAll(s.at(i), "’", "'"), "'s")
	if !ok || !s.is(i+1, gerund) || s.vocabulary.words[role].class&agent == 0 {
		return who, false
	}
	return person{kind: Third, at: from, name: Span{s.words[from].Start, s.words[i].Start + len(role)}}, true
}

// guessVerb returns the first word from i on that is no auxiliary and no adverb.
func (s *sentence) guessVerb(i int) int {
	for n := 0; n < maxDistance && (s.is(i, auxiliary|adverb|not) || s.isOne(i, "to", "going")); n++ {
		if s.at(i) == "have" && s.is(i+1, determiner|object) {
			break // "have it ready"
		}
		i++
	}
	return i
}
