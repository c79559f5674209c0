package recap

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// tasks returns what is to be done by whom, the whole sentence where it cannot be
// said so.
func (w *Writer) tasks(r Reading) string {
	all := make([]string, 0, len(r.tasks))
	for _, f := range r.tasks {
		text := w.task(r, f)
		if text == "" {
			return w.statement(r)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", and ")
}

// task returns a task as a clause, empty where the sentence says it better.
func (w *Writer) task(r Reading, f speech.Finding) string {
	at := r.wordAt(f.Phrases[0].Start)
	who := r.assignee(f, r.clauseBefore(at))
	if who.text == "" || w.isNeed(r, f) || isProposed(r.words[:at]) {
		return ""
	}
	var done []string
	modal, progressive := "", w.isProgressive(r.phrase(f.Phrases[0])[0].Lower)
	for n, p := range f.Phrases {
		if !r.hasSubject(f, n) {
			return ""
		}
		said := w.done(r, p, f.Name, who.text)
		if len(said) == 0 || n > 0 && w.isProgressive(said[0].Lower) != progressive {
			return ""
		}
		if n == 0 {
			modal = w.modal(r, f, who, said)
		}
		done = append(done, w.resolve(r, said, who.named))
	}
	if modal == "" {
		return ""
	}
	return who.text + modal + strings.Join(done, " and ")
}

// isNeed reports whether a task is what somebody needs or wants, or what is to become of a
// thing, which the sentence says better: "I need the copy by Friday".
func (w *Writer) isNeed(r Reading, f speech.Finding) bool {
	said := r.phrase(f.Phrases[0])
	switch first := said[0].Lower; first {
	case "need", "needs", "want", "wants", "require", "expect", "like", "get":
		return first != "get" || f.Assignee == speech.Addressee && strings.HasSuffix(r.remark.Text, "?")
	}
	return false
}

// isProposed reports whether words lead to what somebody only proposes: "I suggest we".
func isProposed(before []words.Word) bool {
	for _, word := range before[max(0, len(before)-3):] {
		switch word.Lower {
		case "propose", "suggest", "vote", "proposed", "suggested", "say":
			return true
		}
	}
	return false
}

// done returns the words that say what is done, from the verb on.
func (w *Writer) done(r Reading, p, name speech.Span, who string) []words.Word {
	said := r.whole(p)
	if name.End > p.Start && name.End < p.End {
		said = afterName(said, name.End) // "have Ann send it", "get the caretaker to do it"
	}
	if len(said) == 0 {
		return nil
	}
	if len(said) > 1 && isDont(said[0].Lower) {
		said = said[1:]
	}
	for len(said) > 2 && isPart(said[len(said)-1].Text, who) {
		said = said[:len(said)-1] // "call me later, Ann"
		for len(said) > 1 && said[len(said)-1].IsMark() {
			said = said[:len(said)-1]
		}
	}
	if len(said) > 1 && said[0].Lower == "mind" {
		said = said[1:]
	}
	if at := r.wordAt(said[0].Start); at > 0 && r.words[at-1].Lower == "mind" {
		base := w.baseOf(said[0].Lower) // "would you mind sending it"
		if base == "" {
			return nil
		}
		return replaced(said, base)
	}
	return replaced(said, strings.ToLower(said[0].Text))
}

// afterName returns words from the verb on that follows a name, and "to".
func afterName(said []words.Word, end int) []words.Word {
	for len(said) > 0 && said[0].Start < end {
		said = said[1:]
	}
	if len(said) > 1 && said[0].Lower == "to" {
		said = said[1:]
	}
	return said
}

func isDont(word string) bool { return word == "don't" || word == "don’t" || word == "dont" }

// isProgressive reports whether a verb is an -ing form: "bringing", but not "bring".
func (w *Writer) isProgressive(verb string) bool {
	return strings.HasSuffix(verb, "ing") && !w.isBase(verb)
}

// replaced returns words of which the first is another.
func replaced(said []words.Word, first string) []words.Word {
	one := said[0]
	one.Text, one.Lower = first, first
	return append([]words.Word{one}, said[1:]...)
}

// isBase reports whether a word is the base form of a verb, as far as that is known.
func (w *Writer) isBase(word string) bool { return w.verb[word] || w.speech.IsVerb(word) }

// baseOf returns the base form of an -ing form, empty if it is not known: "send" of "sending".
func (w *Writer) baseOf(word string) string {
	stem, found := strings.CutSuffix(word, "ing")
	if !found || len(stem) < 2 || w.isBase(word) {
		return ""
	}
	for _, base := range []string{stem, stem + "e", stem[:len(stem)-1]} {
		if w.isBase(base) {
			return base
		}
	}
	return ""
}
