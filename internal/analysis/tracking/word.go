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
	shortly    = 50     // words within which a second one of the same kind does not count
)

// A word of a term or a sentence, as the model sees it.
type word struct {
	text   string
	rarity float32 // 0 to 1
	weight float32 // in the vector: the rarity times the emphasis
	shared float32 // as a shared word: the same, or 0 for the commonest
	vector []int8  // nil if it has none
}

// parse appends the words of a text to to, less marks and what stood shortly
// before.
func (m *Model) parse(to []word, text []words.Word) []word {
	for i := range text {
		if text[i].IsMark() {
			continue
		}
		this := base(text[i].Lower)
		before := to[max(0, len(to)-shortly):]
		if slices.ContainsFunc(before, func(w word) bool { return w.text == this }) {
			continue
		}
		to = append(to, m.lookUp(this))
	}
	return to
}

func (m *Model) lookUp(text string) word {
	w, rank := word{text: text}, rankUnknown(text)
	if len(text) <= maxLetters {
		var letters [maxLetters]byte
		if known, ok := m.lex.Find(letters[:copy(letters[:], text)]); ok {
			rank, w.vector = known.Rank, m.lex.Vector(known)
		}
	}
	w.rarity = rarity(rank)
	w.weight = w.rarity
	if rank < len(m.weights) && w.vector != nil {
		w.weight = m.weights[rank]
	}
	if rank >= ignored {
		w.shared = w.weight
	}
	return w
}

// rarity says how much the rank of a word makes it count, 0 to 1.
func rarity(rank int) float32 {
	return float32(math.Log(float64(rank+2)) / math.Log(rarest+2))
}

// emphasis says how much a word counts by where its vector lies along the emphasis
// of a model: 1 in the middle, 0 to 2.
func emphasis(along float64) float64 {
	return 2 / (1 + math.Exp(-along))
}

// size returns the length of a vector, 1 or more.
func size(vector []int8) float64 {
	squares := 0
	for _, x := range vector {
		squares += int(x) * int(x)
	}
	return math.Sqrt(float64(max(1, squares)))
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

// grams returns the hashes of three and of four letters in a row, each once,
// counting both ends as a letter, in the buffer of to. Long words have none, nor
// have words with a digit: a code is not like another one.
func grams(to []uint32, text string) []uint32 {
	to = to[:0]
	if len(text) > maxLetters || strings.ContainsAny(text, "0123456789") {
		return to
	}
	var letters [maxLetters + 2]rune
	n := 1
	for _, r := range text {
		letters[n] = r
		n++
	}
	n++
	for size := 3; size <= 4; size++ {
		for i := 0; i+size <= n; i++ {
			h := uint32(2166136261)
			for _, r := range letters[i : i+size] {
				h = (h ^ uint32(r)) * 16777619
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
