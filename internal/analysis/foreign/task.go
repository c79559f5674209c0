package foreign

import (
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Scores of findings.
const (
	marked   = 0.97 // a question by its mark
	asked    = 0.62 // by its first word
	promised = 0.70
	bidden   = 0.62
	owed     = 0.58
)

// widest is how many words stand for ** at most.
const widest = 8

// Find appends the findings in a sentence of a language, a question first.
func (f *Finder) Find(to []speech.Finding, language string, said []words.Word) []speech.Finding {
	r := f.of[language]
	question := slices.ContainsFunc(said, func(w words.Word) bool { return w.Text == "?" || w.Text == "¿" })
	if question {
		to = append(to, speech.Finding{Kind: speech.Question, Score: marked})
	}
	if r == nil {
		return to
	}
	if !question && f.startsQuestion(language, said) {
		to = append(to, speech.Finding{Kind: speech.Question, Score: asked})
	}
	for i := range said {
		for _, p := range r.tasks {
			if end, kind := r.match(p, said, i); end > 0 && r.stands(p, said, i, question) {
				return append(to, r.finding(p, said, i, end, kind))
			}
		}
	}
	return to
}

// startsQuestion reports whether a sentence without marks begins as a question does, behind
// a greeting, or behind who is called.
func (f *Finder) startsQuestion(language string, said []words.Word) bool {
	r := f.of[language]
	if len(said) < 2 || slices.ContainsFunc(said, func(w words.Word) bool { return w.Text == "." || w.Text == "," || w.Text == "!" }) {
		return false
	}
	if len(said) > 2 && r.questions[said[0].Lower] {
		return true
	}
	n := r.leads(said, 0, nil)
	if r.endOf(r.clauses.asking, said, n) > 0 {
		return true
	}
	called := n+1 < len(said) && f.common[said[n].Lower] == 0 && language != "de" // where a verb stands before its subject behind anything
	return called && r.endOf(r.clauses.asking, said, n+1) > 0
}

// stands reports whether a phrase at i is one where it stands: one of order only
// where a clause begins, one of a promise not in a question.
func (r *rules) stands(p pattern, said []words.Word, i int, question bool) bool {
	begins := i == 0 || said[i-1].IsMark()
	if p.first && !begins && said[i-1].Lower != "und" && said[i-1].Lower != "y" && said[i-1].Lower != "e" {
		return false
	}
	return !question || p.who == "you" || p.who == "nobody" || p.talks
}

// match returns where a phrase ends that begins at i, 0 if none does, and the kind
// of its verb.
func (r *rules) match(p pattern, said []words.Word, i int) (end int, kind byte) {
	return r.matchFrom(p.words, said, i, 'a')
}

func (r *rules) matchFrom(phrase []string, said []words.Word, i int, kind byte) (int, byte) {
	if len(phrase) == 0 {
		return i, kind
	}
	if i >= len(said) {
		return 0, 0
	}
	word := said[i].Lower
	switch want := phrase[0]; want {
	case "*":
		if said[i].IsMark() {
			return 0, 0
		}
		return r.matchFrom(phrase[1:], said, i+1, kind)
	case "**":
		for n := i; n < min(i+widest, len(said)) && (!said[n].IsMark() || said[n].Text == "-"); n++ {
			if end, k := r.matchFrom(phrase[1:], said, n, kind); end > 0 {
				return end, k
			}
		}
		return 0, 0
	case "<inf>", "<1st>", "<imp>", "<fut>":
		k := r.verb(word, want)
		if k == 0 {
			return 0, 0
		}
		return r.matchFrom(phrase[1:], said, i+1, k)
	default:
		if said[i].Text == "-" && i > 0 && !said[i-1].IsMark() {
			return r.matchFrom(phrase, said, i+1, kind) // pouvez-vous
		}
		if word != want {
			return 0, 0
		}
	}
	return r.matchFrom(phrase[1:], said, i+1, kind)
}

// verb returns the kind of the verb that a word is a form of, 0 if it is none.
func (r *rules) verb(word, form string) byte {
	if elided, rest, ok := strings.Cut(strings.ReplaceAll(word, "’", "'"), "'"); ok && len(elided) <= 2 {
		word = rest // "m'envoyer"
	}
	if kind := r.verbAs(word, form); kind != 0 {
		return kind
	}
	if plain := withoutAcutes.Replace(word); plain != word && form != "<fut>" {
		return r.verbAs(plain, form) // "mándeme"
	}
	return 0
}

// withoutAcutes takes the accents away that a pronoun behind a verb brings.
var withoutAcutes = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u") //nolint:gochecknoglobals // a constant in all but syntax

func (r *rules) verbAs(word, form string) byte {
	for n := min(len(word), r.longest+4); n >= 3; n-- {
		if kind := r.verbs[word[:n]]; kind != 0 && fits(word, word[n:], form) {
			return kind
		}
	}
	for _, prefix := range []string{"an", "zurück", "mit", "ab", "vor", "auf", "ein", "aus", "nach", "weiter", "um", "zu"} {
		if rest, ok := strings.CutPrefix(word, prefix); ok {
			for n := min(len(rest), r.longest); n >= 3; n-- {
				if kind := r.verbs[rest[:n]]; kind != 0 && fits(rest, rest[n:], form) {
					return kind
				}
			}
		}
	}
	return 0
}

// fits reports whether the ending behind a stem is one of a form.
func fits(word, ending, form string) bool {
	switch form {
	case "<inf>":
		return hasEnding(word, "en", "ern", "eln", "ar", "er", "ir", "re", "oir", "arlo", "arla", "arle", "arte", "arme", "irlo", "irla", "erlo", "lo", "la", "los", "las", "le", "les", "me", "te", "nos", "se", "lhe", "eis", "es", "as")
	case "<1st>":
		return ending == "e" || ending == "o" || ending == "ie" || ending == "is" || ending == "s" || ending == ""
	case "<imp>":
		return hasEnding(word, "e", "a", "en", "an", "em", "z", "me", "nos", "ez", "t", "lo", "la", "los", "las", "le", "les")
	case "<fut>":
		return strings.HasSuffix(word, "é") || strings.HasSuffix(word, "rai")
	}
	return false
}

func hasEnding(word string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(word, e) })
}

// finding returns the finding of a phrase that stands from i to end.
func (r *rules) finding(p pattern, said []words.Word, i, end int, kind byte) speech.Finding {
	f := speech.Finding{Kind: speech.ActionItem, Score: owed}
	if kind == 'f' || p.talks {
		f.Kind = speech.FollowUp
	}
	switch p.who {
	case "me":
		f.Score, f.Assignee, f.Definitive = promised, speech.Speaker, true
	case "you":
		f.Score, f.Assignee = bidden, speech.Addressee
	case "we":
		f.Assignee = speech.Group
	case "they":
		f.Assignee = speech.Third
		f.Name = nameBefore(said, i)
	}
	last := end
	for last < len(said) && (!said[last].IsMark() || said[last].Text == "-") {
		last++
	}
	f.Phrases = []speech.Span{{Start: said[i].Start, End: said[max(last, i+1)-1].End}}
	f.Taken = p.who == "me" && last-i <= 4 && kind == 'a' && slices.ContainsFunc(said[i:last], func(w words.Word) bool {
		return w.Lower == "das" || w.Lower == "encargo" || w.Lower == "darum" || w.Lower == "occupe"
	})
	return f
}

// nameBefore returns the words of the clause before i, who does it.
func nameBefore(said []words.Word, i int) speech.Span {
	from := i
	for from > 0 && i-from < 4 && !said[from-1].IsMark() {
		from--
	}
	for from < i && slices.Contains([]string{"und", "dann", "y", "e", "et", "que", "pero", "aber"}, said[from].Lower) {
		from++
	}
	if from == i {
		return speech.Span{}
	}
	return speech.Span{Start: said[from].Start, End: said[i-1].End}
}
