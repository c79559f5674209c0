package sentiment

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What VADER's rules add and multiply by.
const (
	shouted       = 0.733 // a word in capitals among others
	negation      = -0.74
	strongDenial  = 1.25 // "never so good"
	secondBefore  = 0.95 // how much a strengthening word two before counts
	thirdBefore   = 0.9
	beforeBut     = 0.5
	behindBut     = 1.5
	exclamation   = 0.292
	exclamations  = 4 // that count
	question      = 0.18
	questions     = 0.96 // what four and more add
	normalisation = 15
)

// A text is a sentence as VADER's rules read it: what stands between blanks, less
// the marks at the ends. It is used again.
type text struct {
	words  []string
	lowers []string
	values []float64
	mixed  bool // some words are in capitals, and some are not
}

// compound returns what VADER's rules say of a sentence, without an allocation for
// each word unless it has emoji, or other capitals than those of ASCII.
func (a *Analyzer) compound(sentence string) float64 {
	plain := a.isPlain(sentence)
	if !plain {
		sentence = a.spell(sentence)
	}
	t, _ := a.texts.Get().(*text)
	if t == nil {
		t = &text{}
	}
	defer a.texts.Put(t)
	t.read(sentence, plain)
	for i := range t.words {
		t.values = append(t.values, a.value(t, i))
	}
	t.weighBut()
	sum := 0.0
	for _, v := range t.values {
		sum += v
	}
	switch emphasis := emphasisOf(sentence); {
	case sum > 0:
		sum += emphasis
	case sum < 0:
		sum -= emphasis
	}
	clear(t.words)
	clear(t.lowers)
	return max(-1, min(1, sum/math.Sqrt(sum*sum+normalisation)))
}

// isPlain reports whether a sentence has no emoji and nothing that is no UTF-8, and
// each word of it stands in the lower case of the whole where it stands in the sentence.
func (a *Analyzer) isPlain(sentence string) bool {
	for _, r := range sentence {
		if r >= utf8.RuneSelf && (a.shown[r] || r == utf8.RuneError || unicode.ToLower(r) != r) {
			return false
		}
	}
	return true
}

// read parts a sentence into words. If it is plain, they share one string in lower case.
func (t *text) read(sentence string, plain bool) {
	t.words, t.lowers, t.values = t.words[:0], t.lowers[:0], t.values[:0]
	lower, at, capitals := strings.ToLower(sentence), 0, 0
	for piece := range strings.SplitSeq(sentence, " ") {
		from, to := at, at+len(piece)
		at = to + 1
		for from < to && isPunctuation(sentence[from]) {
			from++
		}
		for from < to && isPunctuation(sentence[to-1]) {
			to--
		}
		if to-from < 3 {
			from, to = at-1-len(piece), at-1
		}
		word := sentence[from:to]
		t.words = append(t.words, word)
		if plain {
			t.lowers = append(t.lowers, lower[from:to])
		} else {
			t.lowers = append(t.lowers, strings.ToLower(word))
		}
		if isShouted(word) {
			capitals++
		}
	}
	t.mixed = capitals > 0 && capitals < len(t.words)
}

func isPunctuation(c byte) bool {
	return c > ' ' && c < 0x7f && (c < '0' || c > '9' && c < 'A' || c > 'Z' && c < 'a' || c > 'z')
}

// isShouted reports whether a word has capitals of ASCII and no small letters.
func isShouted(word string) bool {
	capital := false
	for i := range len(word) {
		switch c := word[i]; {
		case 'a' <= c && c <= 'z':
			return false
		case 'A' <= c && c <= 'Z':
			capital = true
		}
	}
	return capital
}

// value returns what the word at i says, with the words beside it.
func (a *Analyzer) value(t *text, i int) float64 {
	lower := t.lowers[i]
	if _, strengthens := strengths[lower]; strengthens || lower == "kind" && t.lower(i+1) == "of" {
		return 0
	}
	value, known := a.lexicon[lower]
	if !known {
		return 0
	}
	whole := value
	if _, next := a.lexicon[t.lower(i+1)]; lower == "no" && i+1 < len(t.words) && next {
		value = 0
	}
	if t.lower(i-1) == "no" || t.lower(i-2) == "no" || t.lower(i-3) == "no" && (t.lower(i-1) == "or" || t.lower(i-1) == "nor") {
		value = whole * negation
	}
	if t.mixed && isShouted(t.words[i]) {
		value += along(value, shouted)
	}
	for before := 1; before <= 3 && before <= i; before++ {
		if _, coloured := a.lexicon[t.words[i-before]]; coloured {
			continue
		}
		value += a.strength(t, i-before, value) * [...]float64{1, secondBefore, thirdBefore}[before-1]
		value = a.negated(t, i, before, value)
		if before == 3 {
			value = a.idiom(t, i, value)
		}
	}
	return a.least(t, i, value)
}

// lower returns the word at i in lower case, "" if there is none.
func (t *text) lower(i int) string {
	if i < 0 || i >= len(t.lowers) {
		return ""
	}
	return t.lowers[i]
}

// along returns by with the sign of value; what is neither counts as negative.
func along(value, by float64) float64 {
	if value > 0 {
		return by
	}
	return -by
}

// strength returns what the word at i adds to a value: "very", "hardly".
func (a *Analyzer) strength(t *text, i int, value float64) float64 {
	scalar, ok := strengths[t.lowers[i]]
	if !ok {
		return 0
	}
	if value < 0 {
		scalar = -scalar
	}
	if t.mixed && isShouted(t.words[i]) {
		scalar += along(value, shouted)
	}
	return scalar
}

// negated returns a value behind the word so many before it.
func (a *Analyzer) negated(t *text, i, before int, value float64) float64 {
	word, near, between := t.lower(i-before), t.lower(i-1), t.lower(i-2)
	switch {
	case before > 1 && word == "never" && (isSo(near) || before == 3 && isSo(between)):
		return value * strongDenial
	case before > 1 && word == "without" && (near == "doubt" || before == 3 && between == "doubt"):
		return value
	case negations[word] || strings.Contains(word, "n't"):
		return value * negation
	}
	return value
}

func isSo(word string) bool { return word == "so" || word == "this" }

// idiom returns the value of the word at i where an idiom ends, begins or stands
// right before it.
func (a *Analyzer) idiom(t *text, i int, value float64) float64 {
	var key [128]byte
	for _, row := range [...][2]int{{i - 1, i}, {i - 2, i}, {i - 2, i - 1}, {i - 3, i - 1}, {i - 3, i - 2}} {
		if v, ok := idioms[string(t.join(key[:0], row[0], row[1]))]; ok {
			value = v
			break
		}
	}
	for _, last := range [...]int{i + 1, i + 2} {
		if last < len(t.words) {
			if v, ok := idioms[string(t.join(key[:0], i, last))]; ok {
				value = v
			}
		}
	}
	for _, row := range [...][2]int{{i - 3, i - 1}, {i - 3, i - 2}, {i - 2, i - 1}} {
		value += strengths[string(t.join(key[:0], row[0], row[1]))]
	}
	return value
}

// join appends the words from one to another, with blanks. What is longer than an
// idiom is cut short.
func (t *text) join(to []byte, from, last int) []byte {
	for n := from; n <= last; n++ {
		if n > from {
			to = append(to, ' ')
		}
		if len(to)+len(t.lowers[n])+2 > cap(to) {
			return to[:0]
		}
		to = append(to, t.lowers[n]...)
	}
	return to
}

// least returns a value behind "least", unless it is "at least" or "very least".
func (a *Analyzer) least(t *text, i int, value float64) float64 {
	if i == 0 || t.words[i-1] != "least" || i > 1 && (t.words[i-2] == "at" || t.words[i-2] == "very") {
		return value
	}
	if _, known := a.lexicon["least"]; known {
		return value
	}
	return value * negation
}

// weighBut has what stands behind the first "but" count for more.
func (t *text) weighBut() {
	but := -1
	for i, word := range t.lowers {
		if word == "but" {
			but = i
			break
		}
	}
	for i := range t.values {
		switch {
		case but < 0 || i == but:
		case i < but:
			t.values[i] *= beforeBut
		default:
			t.values[i] *= behindBut
		}
	}
}

// emphasisOf returns what the marks of a sentence add.
func emphasisOf(sentence string) float64 {
	emphasis := exclamation * float64(min(exclamations, strings.Count(sentence, "!")))
	switch asked := strings.Count(sentence, "?"); {
	case asked > 3:
		emphasis += questions
	case asked > 1:
		emphasis += question * float64(asked)
	}
	return emphasis
}
