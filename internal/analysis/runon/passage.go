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
	Part    // none does, but a mark such as a comma stands before it
	Unknown // as behind "..." or a colon
)

// Bare returns a text with marks as a passage, as speech recognition writes it.
func Bare(text string) Passage {
	var b builder
	b.add(text)
	return b.passage()
}

// Join returns sentences as one passage. Of a mark within one of them that could end a
// sentence, nothing is known.
func Join(sentences []string) Passage {
	var b builder
	for _, s := range sentences {
		from := len(b.begins)
		b.add(s)
		for i := from + 1; i < len(b.begins); i++ {
			if b.begins[i] == Yes {
				b.begins[i] = Unknown
			}
		}
		if from > 0 && from < len(b.begins) {
			b.begins[from] = Yes
		}
	}
	return b.passage()
}

// A builder writes a text without its marks, and notes what they say.
type builder struct {
	text   strings.Builder
	at     []int   // where the fields of the text begin
	begins []Begin // of each
	next   Begin
}

func (b *builder) add(text string) {
	fields := strings.Fields(text)
	for n, field := range fields {
		for bare := range strings.FieldsSeq(strings.Map(withoutMark, field)) {
			if b.text.Len() > 0 {
				b.text.WriteByte(' ')
			}
			b.at, b.begins = append(b.at, b.text.Len()), append(b.begins, b.next)
			b.text.WriteString(bare)
			b.next = No
		}
		following := ""
		if n+1 < len(fields) {
			following = fields[n+1]
		}
		b.next = max(b.next, endOf(field, following))
	}
}

func (b *builder) passage() Passage {
	p := Passage{Said: words.Split(nil, b.text.String())}
	p.Begins = make([]Begin, len(p.Said))
	n := 0
	for i, w := range p.Said {
		for n < len(b.at) && b.at[n] < w.Start {
			n++
		}
		if i > 0 && n < len(b.at) && b.at[n] == w.Start {
			p.Begins[i] = b.begins[n]
		}
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
	case strings.HasSuffix(field, ","):
		return Part
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
