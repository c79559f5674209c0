package recap

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// statement returns a sentence in the third person, without the words that only
// open it.
func (w *Writer) statement(r Reading) string {
	said := r.words
	for len(said) > 4 && w.onlyOpens(said) {
		said = said[1:]
	}
	return w.resolve(r, said, "")
}

// onlyOpens reports whether a sentence means the same without its first word: before
// a comma, or where it only joins the sentence to the one before.
func (w *Writer) onlyOpens(said []words.Word) bool {
	switch said[0].Lower {
	case "and", "but", "because", "well", "okay", "ok", "um", "uh", "then", "alright", "yeah", "also", "hm":
		return true
	case "so":
		return said[1].Lower != "far"
	}
	return said[0].IsMark() || w.opening[said[0].Lower] && said[1].Text == ","
}

// resolve returns words with persons for "I", "you" and "we". Of who is named as
// the subject before, "my" is "their".
func (w *Writer) resolve(r Reading, said []words.Word, subject string) string {
	var b strings.Builder
	end := -1
	for i, word := range said {
		if end >= 0 && word.Start > end {
			b.WriteByte(' ')
		}
		end = word.End
		b.WriteString(w.person(r, said, i, subject))
	}
	return b.String()
}

// person returns the word at i, or who it stands for.
func (w *Writer) person(r Reading, said []words.Word, i int, subject string) string {
	word, speaker, addressee := said[i], r.remark.Speaker, r.remark.Addressee
	lower := strings.ReplaceAll(word.Lower, "’", "'")
	if i > 0 && r.isNamed(said[i-1]) || i > 1 && r.isNamed(said[i-2]) && strings.HasSuffix(said[i-1].Lower, "ly") {
		return w.third(word.Text)
	}
	pronoun, ending, _ := strings.Cut(lower, "'")
	switch pronoun {
	case "i":
		if speaker == "" {
			return word.Text
		}
		return speaker + verbOf(ending, true)
	case "we":
		return "they" + verbOf(ending, false)
	case "us":
		return "them"
	case "our":
		return "their"
	case "me", "my", "myself", "mine":
		return mine(pronoun, speaker, subject)
	case "you", "your", "yourself", "yours":
		if addressee == "" && pronoun == "you" && (ending != "" || i+1 < len(said) && w.isVerb(said[i+1])) {
			return "they" + verbOf(ending, false)
		}
		if addressee == "" {
			return map[string]string{"you": "them", "your": "their", "yourself": "themselves", "yours": "theirs"}[pronoun] + verbOf(ending, false)
		}
		if pronoun == "you" && subject != addressee {
			return addressee + verbOf(ending, true)
		}
		return mine(map[string]string{"you": "myself", "your": "my", "yourself": "myself", "yours": "mine"}[pronoun], addressee, subject)
	}
	return word.Text
}

// isNamed reports whether a word is a subject that a name stands for.
func (r Reading) isNamed(w words.Word) bool {
	return w.Lower == "i" && r.remark.Speaker != "" || w.Lower == "you" && r.remark.Addressee != ""
}

// isVerb reports whether a word is likely a verb behind its subject.
func (w *Writer) isVerb(word words.Word) bool {
	return w.auxiliary[word.Lower] || w.past[word.Lower] || w.verb[word.Lower]
}

// mine returns what "me", "my", "mine" or "myself" is in the third person.
func mine(pronoun, of, subject string) string {
	same := of == "" || of == subject
	switch pronoun {
	case "me":
		if same {
			return "them"
		}
		return of
	case "my":
		if same {
			return "their"
		}
		return possessive(of)
	case "mine":
		return "theirs"
	}
	return "themselves"
}

// verbOf returns the verb that an ending like "'ll" is short for.
func verbOf(ending string, one bool) string {
	switch ending {
	case "ll":
		return " will"
	case "d":
		return " would"
	case "ve":
		if one {
			return " has"
		}
		return " have"
	case "m":
		return " is"
	case "re":
		if one {
			return " is"
		}
		return " are"
	}
	return ""
}

// third returns a verb that followed "I" as it follows a name.
func (w *Writer) third(verb string) string {
	switch verb {
	case "am":
		return "is"
	case "have":
		return "has"
	case "do":
		return "does"
	case "don't":
		return "doesn't"
	case "haven't":
		return "hasn't"
	case "were":
		return "was"
	}
	if !w.verb[verb] {
		return verb
	}
	switch {
	case strings.HasSuffix(verb, "y") && len(verb) > 1 && !strings.ContainsRune("aeiou", rune(verb[len(verb)-2])):
		return verb[:len(verb)-1] + "ies"
	case strings.HasSuffix(verb, "s"), strings.HasSuffix(verb, "sh"), strings.HasSuffix(verb, "ch"), strings.HasSuffix(verb, "x"), strings.HasSuffix(verb, "o"):
		return verb + "es"
	}
	return verb + "s"
}
