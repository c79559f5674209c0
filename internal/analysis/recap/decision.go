package recap

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// form is how a sentence says what was decided.
type form uint8

const (
	undecided form = iota
	told           // "we agreed to keep it", "it's decided"
	chosen         // "let's go with the blue one", "we're going ahead with it"
	labelled       // "agreed: it moves to December"
	named          // "the blue one it is"
)

// A verdict is what a sentence says that was decided: the words from on, up to the one
// before to; "they decided to", or what verb says, goes before.
type verdict struct {
	form     form
	from, to int
	verb     string // "agreed" or "decided"
}

// verdict returns what a sentence says that was decided.
func (w *Writer) verdict(said []words.Word) verdict {
	first := 0
	for first < len(said)-1 && (said[first].IsMark() || w.opening[said[first].Lower]) {
		first++
	}
	end := len(said)
	for end > first && (said[end-1].IsMark() || said[end-1].Lower == "then") {
		end--
	}
	if end-first > 4 && said[end-3].Lower == "by" && said[end-2].Lower == "the" && said[end-1].Lower == "way" {
		end -= 3
		for end > first && said[end-1].IsMark() {
			end--
		}
	}
	if v := labelledVerdict(said, first, end); v.form != undecided {
		return v
	}
	if at := choiceAt(said, first); at > 0 && at < end {
		return verdict{chosen, at, end, "decided"}
	}
	if end-first > 2 && said[end-1].Lower == "is" && said[end-2].Lower == "it" && w.isThing(said[first:end-2]) {
		return verdict{named, first, end - 2, "chose"}
	}
	if w.isDecision(said) || w.announces(said[first:]) || w.concludes(said) || w.changes(said[first:]) {
		return verdict{form: told}
	}
	return verdict{}
}

// announces reports whether a sentence tells of a decision, or of a rule that begins to hold:
// "the decision is to keep it", "from January on, invoices need two signatures".
func (w *Writer) announces(said []words.Word) bool {
	if len(said) > 5 && said[0].Lower == "from" && !isPronoun(said[1].Lower) && said[1].Lower != "me" && said[1].Lower != "us" && (said[2].Lower == "on" || said[2].Text == ",") {
		return w.hasVerb(said[3:])
	}
	for i := range said[:max(0, len(said)-2)] {
		if said[i].Lower == "decision" && (said[i+1].Lower == "is" || said[i+1].Lower == "was") && (said[i+2].Lower == "to" || said[i+2].Lower == "that") {
			return true
		}
	}
	return false
}

// concludes reports whether a sentence draws what is done from what was said before it: "so we'll
// start in January", "then the import comes first". What has to be done, or could be, is no
// decision yet.
func (w *Writer) concludes(said []words.Word) bool {
	at := w.behindConclusion(said)
	if at < 0 || at+3 > len(said) || said[len(said)-1].Text == "?" {
		return false
	}
	subject, short := parts(said[at].Lower)
	if subject != "we" {
		return said[at-1].Lower == "then" && w.settles(said[at:])
	}
	verb := at + 1
	if verb < len(said) && short == "" && (said[verb].Lower == "will" || said[verb].Lower == "shall") {
		verb, short = verb+1, "ll"
	}
	if verb+1 >= len(said) {
		return false
	}
	if short == "re" {
		return w.isProgressive(said[verb].Lower) && said[verb].Lower != "going" && said[verb].Lower != "talking"
	}
	return (short == "" || short == "ll") && w.isDone(said[verb].Lower, short == "ll")
}

// behindConclusion returns where a conclusion begins, behind "so" or "then" at the start of a
// sentence; -1 if there is none.
func (w *Writer) behindConclusion(said []words.Word) int {
	first := 0
	for first < len(said)-1 && (said[first].IsMark() || w.onlyOpens(said[first:]) && said[first].Lower != "so" && said[first].Lower != "then") {
		first++
	}
	at := -1
	for i := range said[:min(len(said), first+2)] {
		if i >= first && (said[i].Lower == "so" || said[i].Lower == "then") {
			at = i + 1
		}
	}
	if at >= 0 && at < len(said) && said[at].Text == "," {
		at++
	}
	return at
}

// isDone reports whether a verb behind "we" says what is done, in the present or, where it is
// short for "we will", in the future.
func (w *Writer) isDone(verb string, future bool) bool {
	verb, _ = parts(verb) // "can" of "can't"
	switch verb {
	case "all", "have", "need", "should", "can", "could", "must", "may", "might", "are", "were", "was", "had", "would", "ought", "do", "did", "don", "got", "see", "talk", "discuss", "meet", "wait", "be", "know", "said", "want", "also", "both", "just", "never", "still", "look", "find", "call", "ask":
		return false
	}
	return future || !strings.HasSuffix(verb, "ed") && verb != "went" && verb != "came"
}

// settles reports whether words say where or when a thing is, or what becomes of it: "the
// migration is on Sunday", "they don't play on Saturday".
func (w *Writer) settles(said []words.Word) bool {
	if said[0].Lower != "the" && said[0].Lower != "they" {
		return false
	}
	for i, word := range said[1:min(len(said), 9)] {
		next := ""
		if i+2 < len(said) {
			next = said[i+2].Lower
		}
		switch word.Lower {
		case "don't", "doesn't", "goes", "go", "moves", "move", "stays", "stay", "starts", "start", "comes", "come", "wins":
			return true
		case "is", "are":
			return next == "on" || next == "at" || w.past[next] || len(next) > 4 && strings.HasSuffix(next, "ed")
		case "if", "when", "who", "that", "because", "will", "would", "should", "can", "could", "has", "have", "was", "were":
			return false
		}
	}
	return false
}

// tellsOfSomebody reports whether words give an order or tell what somebody does.
func (w *Writer) tellsOfSomebody(said []words.Word) bool {
	for _, word := range said {
		if lower := word.Lower; isPronoun(lower) || w.auxiliary[lower] || strings.Contains(lower, "'") || lower == "her" || lower == "him" || lower == "them" {
			return true
		}
	}
	return len(said) > 2 && (w.verb[strings.TrimSuffix(said[1].Lower, "s")] || w.verb[said[2].Lower])
}

// changes reports whether a sentence tells of a rule from now on, or that something that was
// planned is not to be: "returns only with a receipt from now on", "so the talk is off".
func (w *Writer) changes(said []words.Word) bool {
	if len(said) > 0 && said[len(said)-1].Text == "?" {
		return false
	}
	for i := range said {
		lower := func(n int) string {
			if i+n >= len(said) {
				return ""
			}
			return said[i+n].Lower
		}
		switch {
		case lower(0) == "from" && lower(1) == "now" && lower(2) == "on":
			return i > 2 && !w.tellsOfSomebody(said[:i])
		case lower(0) == "is" && lower(1) == "off" && (i+2 == len(said) || said[i+2].IsMark()):
			return i > 1
		case (lower(0) == "'s" || lower(0) == "that's" || lower(0) == "is") && lower(1) == "dropped":
			return true
		}
	}
	return false
}

func isPronoun(word string) bool {
	switch word {
	case "i", "you", "he", "she", "it", "we", "they":
		return true
	}
	return false
}

// isThing reports whether words are the name of a thing, without a verb and short.
func (w *Writer) isThing(said []words.Word) bool {
	for _, word := range said {
		if word.IsMark() || isAsking(word.Lower) || word.Lower == "until" || word.Lower == "before" {
			return false
		}
	}
	return len(said) < 6 && !w.hasVerb(said)
}

// isAsking reports whether a question, or a clause that depends on another, begins with a
// word: "what it is".
func isAsking(word string) bool {
	switch word {
	case "what", "where", "who", "which", "how", "when", "whatever", "if", "that", "as", "here", "there", "because", "why", "whether":
		return true
	}
	return false
}

// labelledVerdict returns what stands behind "agreed", "decided" or "decision" and a colon
// or a comma.
func labelledVerdict(said []words.Word, first, end int) verdict {
	if said[first].Lower == "final" {
		first++
	}
	if end-first < 4 {
		return verdict{}
	}
	verb := ""
	switch said[first].Lower {
	case "agreed", "settled":
		verb = "agreed"
	case "decision", "decided", "resolved":
		verb = "decided"
	}
	mark := said[first+1].Text
	if verb == "" || mark != ":" && (mark != "," || said[first].Lower == "decision") {
		return verdict{}
	}
	return verdict{labelled, first + 2, end, verb}
}

// choiceAt returns where the verb of a choice stands, 0 if there is none: "go" of "let's go
// with the blue one" and "we're going ahead with it".
func choiceAt(said []words.Word, first int) int {
	lower := func(i int) string {
		if i >= len(said) {
			return ""
		}
		return strings.ReplaceAll(said[i].Lower, "’", "'")
	}
	at := first + 1
	switch lower(first) {
	case "let's", "we", "we'll", "we're":
	case "lets":
		if lower(at) != "go" {
			return 0
		}
	default:
		return 0
	}
	if one := lower(at); lower(first) == "we" && (one == "will" || one == "are" || one == "shall") {
		at++
	}
	if one := lower(at); one == "just" || one == "all" {
		at++
	}
	verb, next := lower(at), lower(at+1)
	switch verb {
	case "go", "going":
		if next == "ahead" {
			return at
		}
		if next != "with" && next != "without" && next != "for" {
			return 0
		}
	case "stick", "sticking":
		if next != "with" {
			return 0
		}
	case "settle":
		if next != "on" {
			return 0
		}
	default:
		return 0
	}
	switch lower(at + 2) {
	case "them", "you", "him", "her", "me", "us", "", "a", "some", "lunch", "dinner", "coffee":
		return 0
	}
	return at
}

// decision returns the sentence of a report about what was decided, in the past tense.
func (w *Writer) decision(r Reading) string {
	v := w.verdict(r.words)
	said := r.words[v.from:v.to]
	switch v.form {
	case chosen:
		return "They decided to " + strings.TrimSuffix(said[0].Lower, "ing") + " " + w.resolve(r, said[1:], "")
	case labelled:
		if w.hasVerb(said) || isPronoun(said[0].Lower) {
			return "They " + v.verb + " that " + w.resolve(r, said, "")
		}
		return "They " + v.verb + " on " + w.resolve(r, said, "")
	case named:
		if len(said) > 1 && said[1].Text == said[1].Lower && said[0].Text != strings.ToUpper(said[0].Text) {
			said = replaced(said, strings.ToLower(said[0].Text))
		}
		return "They chose " + w.resolve(r, said, "")
	case told, undecided:
	}
	return w.statement(r)
}
