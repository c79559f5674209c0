package recap

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// tasks returns what is to be done by whom, the whole sentence where it cannot be
// said so.
func (w *Writer) tasks(r Reading) string {
	var all []string
	for _, f := range r.tasks {
		who, named := r.assignee(f)
		var done []string
		for _, p := range f.Phrases {
			if said := r.done(p, who); len(said) > 0 {
				done = append(done, w.resolve(r, lowered(said), named))
			}
		}
		if len(done) == 0 || w.needs(r, f) {
			return w.statement(r)
		}
		all = append(all, who+w.modal(r, f, named)+strings.Join(done, " and "))
	}
	return strings.Join(all, ", and ")
}

// needs reports whether a task is what somebody needs or wants, which the sentence
// says better: "I need the copy by Friday".
func (w *Writer) needs(r Reading, f speech.Finding) bool {
	said := r.phrase(f.Phrases[0])
	switch first := said[0].Lower; first {
	case "need", "needs", "want", "like", "get", "the", "a", "an", "my", "your", "our", "this", "that", "i'd", "i", "we", "it":
		return first != "get" || f.Assignee == speech.Addressee && strings.HasSuffix(r.remark.Text, "?")
	}
	return false
}

// done returns the words of a phrase without those before what is done itself.
func (r Reading) done(p speech.Span, who string) []words.Word {
	said := r.phrase(p)
	if len(said) > 3 && (said[0].Lower == "have" || said[0].Lower == "let") {
		if isPart(said[1].Text, who) {
			return said[2:] // "have Ann send it"
		}
	}
	if len(said) > 1 && said[0].Lower == "don't" {
		return said[1:]
	}
	return said
}

// lowered returns words of which the first has no capital.
func lowered(said []words.Word) []words.Word {
	first := said[0]
	first.Text = strings.ToLower(first.Text)
	return append([]words.Word{first}, said[1:]...)
}

// phrase returns the words of a phrase, to the end of the sentence where no other
// clause follows it.
func (r Reading) phrase(p speech.Span) (all []words.Word) {
	for _, word := range r.words {
		if word.Start >= p.Start && word.End <= p.End {
			all = append(all, word)
		}
	}
	return all
}

// assignee returns who is to do something, as the subject of a sentence, and the
// name if it is that of one who speaks.
func (r Reading) assignee(f speech.Finding) (who, named string) {
	if f.Name != (speech.Span{}) {
		who = r.remark.Text[f.Name.Start:f.Name.End]
		if isPart(who, r.remark.Speaker) {
			return r.remark.Speaker, r.remark.Speaker
		}
		if members := r.remark.Members.With(strings.Fields(who)...); len(members) > 0 {
			return members[0], members[0]
		}
		if c := who[0]; 'a' <= c && c <= 'z' {
			before := strings.ToLower(r.remark.Text[:f.Name.Start])
			first, rest, _ := strings.Cut(who, " ")
			switch first {
			case "my", "our":
				return possessive(r.remark.Speaker) + " " + rest, ""
			case "your", "his", "her", "their":
				return "their " + rest, ""
			}
			if !strings.HasSuffix(before, "the ") && !strings.HasSuffix(before, "a ") {
				return who, ""
			}
			return "the " + who, ""
		}
		return who, ""
	}
	switch f.Assignee {
	case speech.Speaker:
		if r.remark.Speaker != "" {
			return r.remark.Speaker, r.remark.Speaker
		}
	case speech.Addressee:
		if r.remark.Addressee != "" {
			return r.remark.Addressee, r.remark.Addressee
		}
		return "the others", ""
	case speech.Group:
		return "they", ""
	case speech.Nobody, speech.Third:
	}
	return "someone", ""
}

// modal returns what stands between who does something and what it is.
func (w *Writer) modal(r Reading, f speech.Finding, named string) string {
	start := f.Phrases[0].Start
	before, lower := strings.ToLower(r.remark.Text[:start]), strings.ToLower(r.remark.Text[start:])
	verb, _, _ := strings.Cut(lower, " ")
	switch {
	case strings.HasPrefix(lower, "do not "), strings.HasPrefix(lower, "not "):
		return " should "
	case strings.HasPrefix(lower, "don't "), strings.HasSuffix(before, "don't "), strings.HasSuffix(before, "do not "), strings.HasSuffix(before, "please not "):
		return " should not "
	case strings.HasSuffix(verb, "ing"):
		if named == "" {
			return " are "
		}
		return " is "
	}
	if f.Assignee == speech.Third && strings.HasSuffix(verb, "s") && start > f.Name.End && strings.TrimSpace(before[f.Name.End:]) == "" {
		return " " // "Ann drafts it"
	}
	if f.Assignee == speech.Addressee || f.Assignee == speech.Nobody {
		return " should "
	}
	return " will "
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
