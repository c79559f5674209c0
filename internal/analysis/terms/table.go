package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

const (
	largest = 50_000 // terms of a table
	longest = 64     // bytes of a term
)

// A Table holds the terms of a conversation.
type Table struct {
	dictionary *Dictionary
	terms      []Term
	numbers    map[string]int32 // by the text, as it was given
	stems      map[string]int32
	roots      []string // by stem
	buffer     []byte   // for a term of several words

	foreign bool // the last message of enough long words was not English
}

// Table returns one without terms.
func (d *Dictionary) Table() *Table {
	return &Table{
		dictionary: d,
		terms:      []Term{None: {Kind: Mark}},
		numbers:    map[string]int32{},
		stems:      map[string]int32{"": 0},
		roots:      []string{""},
	}
}

// Term returns the one with the number. It is not to be changed.
func (t *Table) Term(number int32) *Term { return &t.terms[number] }

// Root returns what the words with a stem have in common.
func (t *Table) Root(stem int32) string { return t.roots[stem] }

// Append appends the numbers of the terms of a text to to.
func (t *Table) Append(to []int32, text []words.Word) []int32 {
	for len(text) > 0 {
		n := joined(text)
		to = append(to, t.number(text[:n]))
		text = text[n:]
	}
	return to
}

// joined returns how many words at the start of text are one term: one, or as
// many as hyphens join.
func joined(text []words.Word) int {
	n := 1
	for !text[0].IsMark() && n+1 < len(text) && text[n].Text == "-" && !text[n+1].IsMark() &&
		text[n].Start == text[n-1].End && text[n+1].Start == text[n].End {
		n += 2
	}
	return n
}

// number returns the number of the term that the words make.
func (t *Table) number(parts []words.Word) int32 {
	text, lower := parts[0].Text, parts[0].Lower
	if parts[len(parts)-1].End-parts[0].Start > longest {
		return None
	}
	if len(parts) == 1 {
		if number, ok := t.numbers[text]; ok {
			return number
		}
		return t.add(text, lower)
	}
	t.buffer = t.buffer[:0]
	for _, p := range parts {
		t.buffer = append(t.buffer, p.Text...)
	}
	if number, ok := t.numbers[string(t.buffer)]; ok {
		return number
	}
	return t.add(string(t.buffer), strings.ToLower(string(t.buffer)))
}

// add makes a term of what is none yet. It keeps no part of the text that it
// came from.
func (t *Table) add(text, lower string) int32 {
	if len(t.terms) > largest {
		return None
	}
	number := int32(len(t.terms))
	text = strings.Clone(text)
	t.numbers[text] = number
	lower = strings.ReplaceAll(lower, "’", "'")
	term := Term{Text: text}
	if _, listed := t.dictionary.kinds[lower]; !listed && strings.HasSuffix(lower, "'s") {
		lower = strings.TrimSuffix(lower, "'s")
		term.Possessive = true
		term.Text = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(text, "s"), "S"), "'")
		term.Text = strings.TrimSuffix(term.Text, "’")
	}
	root := t.dictionary.stem(lower)
	term.Kind = t.dictionary.kind(lower, root)
	term.Rarity = t.dictionary.rarity(lower)
	term.Participle = t.dictionary.participle(lower)
	term.Verbal = strings.HasSuffix(lower, "ed") || strings.HasSuffix(lower, "ing")
	first, _ := utf8.DecodeRuneInString(text)
	term.Capital = unicode.IsUpper(first)
	term.Stem = t.stem(root)
	t.terms = append(t.terms, term)
	return number
}

func (t *Table) stem(root string) int32 {
	number, ok := t.stems[root]
	if !ok {
		number = int32(len(t.roots))
		t.stems[root] = number
		t.roots = append(t.roots, root)
	}
	return number
}

// wordLike reports whether a text can name something: it has two characters or
// more, most of them letters unless it is as short as "Q3", is not like "28th"
// or "10am", and is no host name.
func wordLike(text string) bool {
	letters, digits := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		case r == '.' || r == '_' || r == utf8.RuneError:
			return false
		}
	}
	if text != "" && '0' <= text[0] && text[0] <= '9' && letters <= 2 {
		return false
	}
	return letters > 0 && letters+digits > 1 && (letters > digits || letters+digits < 4)
}
