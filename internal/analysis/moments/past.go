package moments

import (
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// maxTense is how many tokens before a moment its tense is looked for in.
const maxTense = 12

// Tenses are the words that show them.
type tenses struct{ past, ahead, none map[string]bool }

func readTenses() tenses {
	set := func(name string) map[string]bool {
		all := map[string]bool{}
		for word := range words.Terms(words.Read(data, name)) {
			all[word] = true
		}
		return all
	}
	return tenses{past: set("tense_past"), ahead: set("tense_ahead"), none: set("tense_none")}
}

// inTense moves a phrase that begins at i, and may mean several times, to the one
// before now if the sentence tells of what is over: "it was shipped on March 3rd".
func (r *reader) inTense(p phrase, i int) phrase {
	dated := p.kind == Date || p.kind == DateTime || p.kind == DateTimeRange
	if !dated || p.cycle == 0 || !p.from.After(r.now) || !r.isOver(i) {
		return p
	}
	for n := 0; n < 3 && p.from.After(r.now); n++ {
		p = p.move(-1)
	}
	p.due = time.Time{}
	return p
}

// isOver reports whether the clause before i is in the past tense. What stands
// behind "to", "for", "until" or "by" is still to come: "it was moved to Friday".
func (r *reader) isOver(i int) bool {
	if before := r.at(i - 1); r.is(i, tokBy, tokUntil, tokFrom, tokStarting) || before.class == tokTo || before.class == tokFor || before.class == tokUntil || before.class == tokBy {
		return false
	}
	for n := i - 1; n >= 0 && n > i-maxTense; n-- {
		t := r.at(n)
		switch {
		case t.marks(".!?;\n"):
			return false
		case r.tenses.ahead[t.word] || t.class == tokTo:
			return false
		case r.isPast(*t) && !r.isParticiple(n):
			return !r.isAwaited(n)
		case r.isPresentClause(n):
			return false
		}
	}
	return false
}

// isPresentClause reports whether a clause begins at i with a word of time and its subject, whose
// verb is no past tense: "before you fly on the 30th".
func (r *reader) isPresentClause(i int) bool {
	switch r.at(i).word {
	case "before", "when", "once", "until", "till", "after", "if", "unless":
	default:
		return false
	}
	switch r.at(i + 1).word {
	case "i", "you", "he", "she", "it", "we", "they":
		return true
	}
	return false
}

// isAwaited reports whether the form at i is of what is still to come about: "once I've heard
// from him".
func (r *reader) isAwaited(i int) bool {
	switch has := r.at(i - 1).word; {
	case r.at(i-2).word == "if":
		switch r.at(i - 3).word { // it would be good if you called
		case "good", "great", "nice", "better", "best", "helpful", "lovely", "kind", "wonderful", "it", "mind":
			return true
		}
		return false
	case has == "have", has == "has", strings.HasSuffix(has, "ve"):
	default:
		return false
	}
	for n := i - 2; n > i-6; n-- {
		switch r.at(n).word {
		case "once", "when", "until", "till", "after", "if", "as":
			return true
		}
	}
	return false
}

func (r *reader) isPast(t token) bool {
	return r.tenses.past[t.word] || len(t.word) > 4 && strings.HasSuffix(t.word, "ed") && t.class == tokOther && !strings.HasSuffix(t.word, "need")
}

// isParticiple reports whether the form at i is no past tense but describes a thing, or
// what becomes of it: "the revised quote", "will be delivered", "have it fixed".
func (r *reader) isParticiple(i int) bool {
	before := r.at(i - 1).word
	if strings.HasSuffix(before, "ly") || before == "not" {
		before = r.at(i - 2).word
	}
	if p := r.at(i - 1); before == "it" && p.word == before && r.at(i).start > p.end+len(" ") {
		return true // it's fixed
	}
	if before == "it" || before == "them" {
		return r.tenses.ahead[r.at(i-2).word] || isCausing(r.at(i-2).word)
	}
	return r.tenses.none[before]
}

// isCausing reports whether a verb may have a thing and what is done to it behind it: "get it
// printed", "leave it unlocked".
func isCausing(verb string) bool {
	switch verb {
	case "have", "get", "leave", "keep", "want", "need", "like", "make", "see":
		return true
	}
	return false
}
