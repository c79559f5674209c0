package recap

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// modal returns what stands between who does something and what it is, which is said first,
// empty where that has no verb that could follow.
func (w *Writer) modal(r Reading, f speech.Finding, who assignee, said []words.Word) string {
	at := r.wordAt(f.Phrases[0].Start)
	before := r.words[max(0, at-4):at]
	verb, previous := said[0].Lower, ""
	if len(before) > 0 {
		previous = before[len(before)-1].Lower
	}
	ask := f.Assignee == speech.Addressee || f.Assignee == speech.Nobody
	switch {
	case verb == "not", verb == "do" && len(said) > 1 && said[1].Lower == "not":
		return " should "
	case w.isProgressive(verb) && previous != "need" && previous != "needs":
		return progressive(ask, who)
	case w.isThirdPerson(verb) && r.precedes(f.Name, said[0]) && !who.many:
		return " " // "Ann drafts it"
	case !w.isBase(verb) && (isNoVerb(said[0]) || w.past[verb]):
		return ""
	case isDont(r.words[at].Lower), isDont(previous), previous == "not":
		return " should not "
	case ask:
		return " should "
	}
	return modalOf(before, who.many)
}

// isNoVerb reports whether a word that is not known as a verb is surely none.
func isNoVerb(word words.Word) bool {
	switch word.Lower {
	case "no", "a", "an", "the", "my", "your", "our", "their", "his", "her", "its", "this", "that", "these", "those", "all", "some", "any", "and", "or", "but", "i", "we", "you", "he", "she", "it", "they", "at", "in", "on", "by", "for", "with", "of", "from", "as":
		return true
	}
	return word.IsMark() || strings.HasSuffix(word.Lower, "s") && !strings.HasSuffix(word.Lower, "ss") || strings.HasSuffix(word.Lower, "ing") || strings.HasSuffix(word.Lower, "ed")
}

// precedes reports whether a name stands right before a word.
func (r Reading) precedes(name speech.Span, verb words.Word) bool {
	return name.End > 0 && name.End <= verb.Start && strings.TrimSpace(r.remark.Text[name.End:verb.Start]) == ""
}

// progressive returns the form of "be" before an -ing form; what is asked for has none.
func progressive(ask bool, who assignee) string {
	switch {
	case ask:
		return ""
	case who.many:
		return " are "
	}
	return " is "
}

// isThirdPerson reports whether a verb has the s of the third person.
func (w *Writer) isThirdPerson(verb string) bool {
	base, found := strings.CutSuffix(verb, "s")
	if !found || w.isBase(verb) {
		return false
	}
	return w.isBase(base) || w.isBase(strings.TrimSuffix(base, "e")) || strings.HasSuffix(base, "ie") && w.isBase(strings.TrimSuffix(base, "ie")+"y")
}

// modalOf returns how the words before a verb bind who is to do it; empty if they only say that
// it is wished.
func modalOf(before []words.Word, many bool) string {
	for i := len(before) - 1; i >= 0 && !before[i].IsMark(); i-- {
		word := before[i].Lower
		switch word {
		case "can", "could", "might", "may":
			return " " + word + " "
		case "should", "must":
			return " " + word + " "
		case "better", "ought":
			return " should "
		case "want", "like", "love", "hope", "hoping", "wanted", "wants":
			return ""
		case "have", "need", "got", "gotta":
			if word == "got" || word == "gotta" {
				word = "have"
			}
			return " " + inflected(word, many) + " to "
		}
	}
	return " will "
}

// inflected returns "have" or "need" as it follows one subject, or many.
func inflected(verb string, many bool) string {
	switch {
	case many:
		return verb
	case verb == "have":
		return "has"
	}
	return verb + "s"
}
