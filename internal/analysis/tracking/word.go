package tracking

import (
	"math"
	"slices"
	"strings"

	"github.com/kljensen/snowball/english"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

const (
	rarest     = 60_000 // rank of words that the lexicon does not have
	ignored    = 10     // ranks that do not count as shared words
	maxLetters = 40     // bytes of a word that is taken apart
)

// A term's or a sentence's word, as the model sees it.
type word struct {
	text   string
	weight float32 // in the vector; 0 to 1
	shared float32 // as a shared word: the same, or 0 for the commonest
	vector []int8  // nil if it has none
}

// see appends the words of a text to to, less marks.
func (m *Model) see(to []word, text []words.Word) []word {
	for i := range text {
		if text[i].IsMark() {
			continue
		}
		b := base(text[i].Lower)
		if slices.ContainsFunc(to, func(w word) bool { return w.text == b }) {
			continue
		}
		to = append(to, m.look(b))
	}
	return to
}

func (m *Model) look(text string) word {
	w, rank := word{text: text}, rankUnknown(text)
	if len(text) <= maxLetters {
		var letters [maxLetters]byte
		if known, ok := m.lex.Find(letters[:copy(letters[:], text)]); ok {
			rank, w.vector = known.Rank, m.lex.Vector(known)
		}
	}
	w.weight = float32(math.Log(float64(rank+2)) / math.Log(rarest+2))
	if rank >= ignored {
		w.shared = w.weight
	}
	return w
}

// rankUnknown returns the rank of a word that the lexicon does not have. It has
// no numbers and no letters, such as I and a: these say little.
func rankUnknown(text string) int {
	if len(text) == 1 || strings.Trim(text, "0123456789.,") == "" {
		return 0
	}
	return rarest
}

// base returns what a contraction is about: what of "what's", not of "don't".
func base(lower string) string {
	for _, mark := range [...]string{"'", "’"} {
		before, after, ok := cutLast(lower, mark)
		switch {
		case !ok || before == "":
			continue
		case after == "t":
			return "not"
		default:
			return before
		}
	}
	return lower
}

func cutLast(s, mark string) (before, after string, ok bool) {
	at := strings.LastIndex(s, mark)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(mark):], true
}

// grams appends to to the hashes of three and of four letters in a row, each
// once, counting both ends as a letter. Long words have none.
func grams(to []uint32, text string) []uint32 {
	if len(text) > maxLetters {
		return to[:0]
	}
	var letters [maxLetters + 2]byte
	n := copy(letters[1:], text) + 2
	to = to[:0]
	for size := 3; size <= 4; size++ {
		for i := 0; i+size <= n; i++ {
			h := uint32(2166136261)
			for _, b := range letters[i : i+size] {
				h = (h ^ uint32(b)) * 16777619
			}
			if !slices.Contains(to, h) {
				to = append(to, h)
			}
		}
	}
	return to
}

// stem returns the stem of an English word.
func stem(text string) string {
	if len(text) > maxLetters {
		return text
	}
	return english.Stem(text, true)
}

// sum adds the vectors of words by their weights.
func sum(text []word) (total [lexicon.Dims]float32) {
	for i := range text {
		weight := text[i].weight
		for j, x := range text[i].vector {
			total[j] += weight * float32(x)
		}
	}
	return total
}
