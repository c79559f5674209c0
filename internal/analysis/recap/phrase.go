package recap

import (
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// longestClause is how many words of a sentence a clause is continued to at most.
const longestClause = 40

// phrase returns the words of a phrase.
func (r Reading) phrase(p speech.Span) []words.Word {
	from := r.wordAt(p.Start)
	to := from
	for to < len(r.words) && r.words[to].End <= p.End {
		to++
	}
	return r.words[from:to]
}

// whole returns the words of a phrase, of a last word of its clause, and of the clause that
// depends on it, which findings leave out: "let him in", "before they come with the digger".
func (r Reading) whole(p speech.Span) []words.Word {
	from := r.wordAt(p.Start)
	to := from + len(r.phrase(p))
	switch {
	case to == len(r.words):
	case r.words[to].IsMark():
		if isQuote(r.words[to].Text) && opensQuote(r.words[from:to]) {
			return r.words[from : to+1]
		}
	case (to+1 == len(r.words) || r.words[to+1].IsMark()) && !joins(r.words[to].Lower):
		to++
	case depends(r.words[to].Lower) || depends(r.words[to-1].Lower):
		for to < len(r.words) && to-from < longestClause && !r.words[to].IsMark() && !r.begins(to) {
			to++
		}
	}
	for to > from+1 && (r.words[to-1].IsMark() || joins(r.words[to-1].Lower) && r.words[to-2].Lower != "say") {
		to--
	}
	return r.words[from:to]
}

// opensQuote reports whether a quotation begins in some words and does not end there.
func opensQuote(said []words.Word) (open bool) {
	for _, word := range said {
		open = open != isQuote(word.Text)
	}
	return open
}

func isQuote(mark string) bool { return mark == `"` || mark == "“" || mark == "”" }

// begins reports whether the word at i begins a clause that another finding is about.
func (r Reading) begins(i int) bool {
	if lower := r.words[i].Lower; lower != "and" && lower != "but" && lower != "so" {
		return false
	}
	return i+1 < len(r.words) && (isSubject(r.words[i+1].Lower) || r.isPhraseStart(i+1))
}

func (r Reading) isPhraseStart(i int) bool {
	for _, f := range r.tasks {
		if slices.ContainsFunc(f.Phrases, func(p speech.Span) bool { return p.Start == r.words[i].Start }) {
			return true
		}
	}
	return false
}

// depends reports whether what begins with a word depends on what stands before it.
func depends(word string) bool {
	switch word {
	case "if", "when", "before", "until", "till", "once", "as", "which", "what", "how", "where", "who", "whether", "that", "why", "because", "while", "unless", "after", "than", "for", "with", "in", "on", "at", "by", "to":
		return true
	}
	return false
}

// joins reports whether a word needs what follows it.
func joins(word string) bool {
	switch word {
	case "and", "or", "so", "but", "if", "when", "till", "until", "as", "than", "which", "because", "please", "pls":
		return true
	}
	return false
}

// wordAt returns the first word that begins at a byte of the text or behind it.
func (r Reading) wordAt(start int) int {
	for i, word := range r.words {
		if word.Start >= start {
			return i
		}
	}
	return len(r.words)
}
