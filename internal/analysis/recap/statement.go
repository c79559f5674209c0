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
	case "and", "but", "because", "well", "okay", "ok", "um", "uh", "then", "alright", "yeah", "also", "hm", "ah", "oh":
		return true
	case "so":
		return said[1].Lower != "far"
	}
	return said[0].IsMark() || w.opening[said[0].Lower] && said[1].Text == ","
}

// resolve returns words with persons for "I", "you" and "we". Who is named as the subject
// before them is not named again: "I" is "they" then, and "my" is "their".
func (w *Writer) resolve(r Reading, said []words.Word, subject string) string {
	var b strings.Builder
	end, named := -1, -3 // where the last word ended, and the last that became a name as a subject
	for i, word := range said {
		if end >= 0 && word.Start > end {
			b.WriteByte(' ')
		}
		end = word.End
		switch text := w.person(r, said, i, subject); {
		case named == i-1, named == i-2 && isInserted(said[i-1].Lower):
			b.WriteString(w.third(word.Text))
		default:
			b.WriteString(text)
			if w.isNamed(r, said, i, subject) && (i == 0 || !w.auxiliary[said[i-1].Lower]) {
				named = i
			}
		}
	}
	return b.String()
}

// isInserted reports whether a word may stand between a subject and its verb.
func isInserted(word string) bool {
	switch word {
	case "also", "just", "still", "only", "always", "never", "often", "now", "then":
		return true
	}
	return strings.HasSuffix(word, "ly")
}

// person returns the word at i, or who it stands for.
func (w *Writer) person(r Reading, said []words.Word, i int, subject string) string {
	word, speaker := said[i], r.remark.Speaker
	pronoun, ending := parts(word.Lower)
	if ending == "d" && i+1 < len(said) && (said[i+1].Lower == "better" || said[i+1].Lower == "been") {
		ending = "had"
	}
	switch pronoun {
	case "i":
		switch speaker {
		case "":
			return word.Text
		case subject:
			return "they" + verbOf(ending, false)
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
		return w.you(r, said, i, subject)
	}
	return word.Text
}

// parts returns a word without what is shortened behind an apostrophe, and that.
func parts(lower string) (word, ending string) {
	word, ending, _ = strings.Cut(strings.ReplaceAll(lower, "’", "'"), "'")
	return word, ending
}

// you returns who "you" at i stands for, or "your", "yours", "yourself".
func (w *Writer) you(r Reading, said []words.Word, i int, subject string) string {
	addressee := r.remark.Addressee
	pronoun, ending := parts(said[i].Lower)
	if pronoun != "you" {
		return mine(map[string]string{"your": "my", "yourself": "myself", "yours": "mine"}[pronoun], addressee, subject)
	}
	switch {
	case addressee != "" && addressee != subject:
		return addressee + verbOf(ending, true)
	case w.doesSomething(said, i):
		return "they" + verbOf(ending, false)
	}
	return "them"
}

// doesSomething reports whether "you" at i is a subject.
func (w *Writer) doesSomething(said []words.Word, i int) bool {
	if _, ending := parts(said[i].Lower); ending != "" || i == 0 {
		return true
	}
	switch said[i-1].Lower {
	case "when", "if", "before", "until", "till", "once", "as", "while", "that", "what", "which", "where", "how", "whether", "because", "since", "after", "whatever", "whenever", "everything", "though", "unless", "can", "could", "would", "do", "did", "will", "are", "have", "should":
		return true
	case "of", "with", "to", "for", "from", "about", "at", "on", "by":
		return false
	}
	return i+1 < len(said) && w.isVerb(said[i+1])
}

// isNamed reports whether the word at i is a subject that a name stands for.
func (w *Writer) isNamed(r Reading, said []words.Word, i int, subject string) bool {
	switch said[i].Lower {
	case "i":
		return r.remark.Speaker != "" && r.remark.Speaker != subject
	case "you":
		return r.remark.Addressee != "" && r.remark.Addressee != subject && w.doesSomething(said, i)
	}
	return false
}

// isVerb reports whether a word is likely a verb behind its subject.
func (w *Writer) isVerb(word words.Word) bool {
	return w.auxiliary[word.Lower] || w.past[word.Lower] || w.isBase(word.Lower)
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
	case "had":
		return " had"
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
	case "am", "are":
		return "is"
	case "aren't":
		return "isn't"
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
	case "weren't":
		return "wasn't"
	}
	if w.auxiliary[verb] || w.past[verb] || !w.isBase(verb) {
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
