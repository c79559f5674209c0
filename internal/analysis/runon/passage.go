package runon

import (
	"strings"
	"unicode"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A Passage is text whose sentences are known, without its marks and capitals.
type Passage struct {
	Said   []words.Word
	Begins []Begin         // of each word
	Names  map[string]bool // of people, in lower case, that words of it may be; may be nil
}

// A Begin says whether a sentence begins with a word.
type Begin int8

// What is known of a word.
const (
	No Begin = iota
	Yes
	Unknown // as behind "..." or a colon
)

// Bare returns a text with marks as a passage, as speech recognition writes it.
func Bare(text string) Passage {
	var b strings.Builder
	begins := map[int]Begin{}
	next := No
	fields := strings.Fields(text)
	for n, field := range fields {
		bare := strings.Join(strings.Fields(strings.Map(withoutMark, field)), " ")
		if bare != "" {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			begins[b.Len()] = next
			b.WriteString(bare)
			next = No
		}
		following := ""
		if n+1 < len(fields) {
			following = fields[n+1]
		}
		next = max(next, endOf(field, following))
	}
	p := Passage{Said: words.Split(nil, b.String())}
	p.Begins = make([]Begin, len(p.Said))
	for i, w := range p.Said[min(1, len(p.Said)):] {
		p.Begins[i+1] = begins[w.Start]
	}
	return p
}

// withoutMark returns -1 for a mark that speech recognition does not write.
func withoutMark(r rune) rune {
	switch {
	case strings.ContainsRune("?!.,;:…\"()[]“”", r):
		return -1
	case r == '-' || r == '–' || r == '—' || r == '/':
		return ' '
	}
	return unicode.ToLower(r)
}

// endOf tells whether a sentence ends with a field of a text, by the marks at its end
// and the next field.
func endOf(field, next string) Begin {
	field = strings.TrimRight(field, `"')]`)
	switch {
	case field == "":
		return No
	case strings.HasSuffix(field, ".."), strings.HasSuffix(field, "…"), strings.HasSuffix(field, "-"), strings.HasSuffix(field, "—"), strings.HasSuffix(field, "–"),
		strings.HasSuffix(field, ":"), strings.HasSuffix(field, ";"):
		return Unknown
	case strings.HasSuffix(field, "?"), strings.HasSuffix(field, "!"):
		return Yes
	case !strings.HasSuffix(field, "."):
		return No
	}
	word := strings.ToLower(strings.TrimLeft(field[:len(field)-1], `"'([`))
	if isTitle(word) || len(word) == 1 && word != "i" {
		return No
	}
	switch first := strings.TrimLeft(next, `"'([`); {
	case strings.Contains(word, "."), word == "etc", first == "", first[0] >= 'a' && first[0] <= 'z':
		return Unknown
	}
	return Yes
}

func isTitle(word string) bool {
	switch word {
	case "mr", "mrs", "ms", "dr", "st", "vs", "prof", "jr", "sr", "gen", "sen", "rev", "hon":
		return true
	}
	return false
}

// Pieces divides a passage into pieces of so many sentences each, as more returns.
func (p Passage) Pieces(more func() int) (all []Passage) {
	for from, i, left := 0, 1, more(); i <= len(p.Said); i++ {
		if i < len(p.Said) && p.Begins[i] != Yes {
			continue
		}
		if left--; left > 0 && i < len(p.Said) {
			continue
		}
		piece := Passage{Said: p.Said[from:i:i], Begins: append([]Begin{No}, p.Begins[from+1:i]...)}
		all, from, left = append(all, piece), i, more()
	}
	return all
}

// Join returns sentences as one passage.
func Join(sentences []string) (p Passage) {
	var b strings.Builder
	begins := map[int]bool{}
	for _, s := range sentences {
		bare := strings.Join(strings.Fields(strings.Map(withoutMark, s)), " ")
		if bare == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
			begins[b.Len()] = true
		}
		b.WriteString(bare)
	}
	p.Said = words.Split(nil, b.String())
	p.Begins = make([]Begin, len(p.Said))
	for i, w := range p.Said {
		if begins[w.Start] {
			p.Begins[i] = Yes
		}
	}
	return p
}
