package recap

import (
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// An assignee is who is to do a task, as the subject of a sentence.
type assignee struct {
	text  string // empty if nothing can be said of them
	named string // the same, where it is one who speaks
	many  bool
}

// assignee returns who is to do something. The clause is what stands before the verb.
func (r Reading) assignee(f speech.Finding, clause []words.Word) assignee {
	if f.Name != (speech.Span{}) {
		return r.named(f.Name)
	}
	for _, word := range clause {
		switch word.Lower {
		case "someone", "somebody", "anyone", "anybody":
			return assignee{text: "someone"}
		case "everyone", "everybody":
			return assignee{text: "everyone"}
		}
	}
	switch f.Assignee {
	case speech.Speaker:
		return assignee{text: r.remark.Speaker, named: r.remark.Speaker}
	case speech.Addressee:
		if r.remark.Addressee == "" {
			return assignee{text: "the others", many: true}
		}
		return assignee{text: r.remark.Addressee, named: r.remark.Addressee}
	case speech.Group:
		return assignee{text: "they", many: true}
	case speech.Nobody:
		for i, word := range clause {
			if word.Lower == "one" && i+1 < len(clause) && clause[i+1].Lower == "of" {
				return assignee{text: "someone"}
			}
		}
	case speech.Third:
	}
	return assignee{}
}

// named returns whom a span names: one who speaks, or somebody else as they are called.
func (r Reading) named(at speech.Span) assignee {
	who := r.remark.Text[at.Start:at.End]
	if isPart(who, r.remark.Speaker) {
		return assignee{text: r.remark.Speaker, named: r.remark.Speaker}
	}
	if members := r.remark.Members.With(strings.Fields(who)...); len(members) > 0 {
		return assignee{text: members[0], named: members[0]}
	}
	first, rest, _ := strings.Cut(who, " ")
	switch strings.ToLower(first) {
	case "my", "our":
		return assignee{text: possessive(r.remark.Speaker) + " " + rest}
	case "your", "his", "her", "their":
		return assignee{text: "their " + rest}
	}
	if c := who[0]; c < 'a' || c > 'z' {
		return assignee{text: who}
	}
	if i := r.wordAt(at.Start); i > 0 {
		switch article := r.words[i-1].Lower; article {
		case "the", "a", "an":
			return assignee{text: article + " " + who}
		}
	}
	return assignee{text: who}
}

// clauseBefore returns the words of the clause that stand before the word at i.
func (r Reading) clauseBefore(at int) []words.Word {
	from := at
	for from > 0 && !r.words[from-1].IsMark() {
		from--
	}
	return r.words[from:at]
}

// hasSubject reports whether the nth phrase of a finding is said of who is to do it: "I'll sign
// it" is, but not "put it on my list" before it.
func (r Reading) hasSubject(f speech.Finding, n int) bool {
	p := f.Phrases[n]
	if n > 0 {
		return r.goesOn(f.Phrases[n-1], p, f.Assignee)
	}
	if f.Name.End > p.Start {
		return true // "have Ann send it"
	}
	clause := r.clauseBefore(r.wordAt(p.Start))
	for i, word := range slices.Backward(clause) {
		if f.Name.End > 0 && word.Start >= f.Name.Start && word.End <= f.Name.End {
			return true
		}
		if word.Lower == "it" && i == len(clause)-1 {
			continue // "if you can't make it give us a ring"
		}
		if agrees, known := isSaidOf(word.Lower, f.Assignee); known {
			return agrees || f.Assignee == speech.Addressee && asks(clause[i:])
		}
	}
	if f.Name.End > 0 || f.Assignee != speech.Speaker && f.Assignee != speech.Group {
		return true
	}
	return strings.HasPrefix(r.remark.Text[p.Start:], "ll ") || r.leavesOut(p)
}

// goesOn reports whether a phrase is said of the same subject as the one before it: between them
// stands nothing, or a pronoun for it.
func (r Reading) goesOn(before, p speech.Span, role speech.Assignee) bool {
	for _, word := range r.words[r.wordAt(before.End):r.wordAt(p.Start)] {
		if agrees, known := isSaidOf(word.Lower, role); known {
			if !agrees {
				return false
			}
			continue
		}
		switch word.Lower {
		case ",", "and", "or", "then", "also", "just", "please", "pls", "will", "ll", "can", "should", "must", "could", "would", "to", "have", "need", "-", "maybe", "even", "first", "next", "afterwards", "too":
		default:
			return false
		}
	}
	return true
}

// asks reports whether "I" or "we", the first of some words, asks for something: "may I ask
// for", "we kindly ask to".
func asks(clause []words.Word) bool {
	for _, word := range clause {
		switch word.Lower {
		case "ask", "asking", "request", "appreciate", "grateful", "want", "like", "need":
			return true
		}
	}
	return false
}

// leavesOut reports whether the speaker is left out before a phrase: "will drop it round",
// "sending it now".
func (r Reading) leavesOut(p speech.Span) bool {
	if at := r.wordAt(p.Start); at > 0 {
		switch r.words[at-1].Lower {
		case "will", "gonna", "to", "just", "only", "must", "should":
			return true
		}
	}
	return strings.HasSuffix(r.phrase(p)[0].Lower, "ing")
}

// isSaidOf reports whether a subject is that of a task of a role; known is false if the word
// is no subject.
func isSaidOf(word string, role speech.Assignee) (agrees, known bool) {
	subject, _, _ := strings.Cut(strings.ReplaceAll(word, "’", "'"), "'")
	switch subject {
	case "i", "me", "ill", "im":
		return role == speech.Speaker, word != "me" || role == speech.Speaker
	case "we", "us", "let", "lets":
		return role == speech.Group || role == speech.Speaker && subject == "let", true
	case "you", "u":
		return role == speech.Addressee || role == speech.Nobody, true
	case "he", "she", "they", "it", "there":
		return false, true
	case "someone", "somebody", "anyone", "anybody", "everyone", "everybody", "one":
		return true, true
	}
	return false, false
}

func isSubject(word string) bool {
	_, known := isSaidOf(word, speech.Nobody)
	return known && word != "us"
}

func possessive(name string) string {
	switch {
	case name == "":
		return "their"
	case strings.HasSuffix(name, "s"):
		return name + "'"
	}
	return name + "'s"
}

// isPart reports whether every word of a name is one of another's.
func isPart(name, whole string) bool {
	if name == "" || whole == "" {
		return false
	}
	for word := range strings.FieldsSeq(strings.ToLower(name)) {
		found := false
		for other := range strings.FieldsSeq(strings.ToLower(whole)) {
			found = found || word == other
		}
		if !found {
			return false
		}
	}
	return true
}
