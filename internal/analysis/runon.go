package analysis

import (
	"strconv"
	"strings"
	"sync"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Speech that a machine wrote down often has no marks and no capitals. Where a
// passage has none, its sentences are found by a linear model: for each word it
// weighs the words beside it, and how far the last end is. data/run_on.txt has the
// weights; TestRunOnModel makes them. What surely begins a clause of its own goes
// before, see clause.go.

// shortestRunOn is how many words a passage has at least that is split without marks.
const shortestRunOn = 5

// runOnWeights are the weights of the features.
var runOnWeights = sync.OnceValue(func() map[string]int { //nolint:gochecknoglobals // read once, then constant
	weights := map[string]int{}
	for feature, weight := range words.Values(words.Read(data, "run_on")) {
		n, err := strconv.Atoi(weight)
		if err != nil {
			panic(err) // it is compiled in
		}
		weights[feature] = n
	}
	return weights
})

// runOnWords are the words that a sentence begins with, and those that none ends in.
var runOnWords = sync.OnceValue(func() (known struct{ opener, joint, order map[string]bool }) { //nolint:gochecknoglobals // read once, then constant
	known.opener, known.joint, known.order = setOf("run_on_opener"), setOf("run_on_joint"), setOf("run_on_order")
	return known
})

// isUnmarked reports whether a passage has no mark that could end or part
// sentences.
func isUnmarked(passage string) bool {
	for i := range len(passage) {
		switch c := passage[i]; {
		case c >= 0x80, c == '.', c == '?', c == '!', c == ',', c == ';', c == ':':
			return false
		}
	}
	return true
}

// splitRunOn appends the sentences of a passage without marks.
//
// Who is called by name at the beginning of a sentence, one of those who speak,
// belongs to it: "raj where do we stand".
func splitRunOn(spans []span, text string, p span, people []string) []span {
	said := words.Split(nil, text[p.start:p.end])
	if len(said) < shortestRunOn {
		return append(spans, p)
	}
	weights, start, since := runOnWeights(), p.start, 0
	for i := 1; i < len(said); i++ {
		since++
		if said[i].IsMark() || said[i-1].IsMark() || said[i].Start == said[i-1].End {
			continue
		}
		if !weighsEnd(weights, said, i, since) {
			continue
		}
		first := i
		if isNameOf(people, said[i-1]) && !isLinked(said[max(0, i-2)].Lower) && said[max(0, i-2)].Lower != "thanks" {
			if first--; since == 1 {
				continue
			}
		}
		cut := p.start + said[first].Start
		spans = append(spans, trim(text, span{start, cut}))
		start, since = cut, i-first
	}
	return append(spans, trim(text, span{start, p.end}))
}

// isNameOf reports whether a word is a part of the name of one of the people.
func isNameOf(people []string, w words.Word) bool {
	if len(w.Lower) < 3 {
		return false
	}
	for _, name := range people {
		for part := range strings.FieldsSeq(name) {
			if strings.EqualFold(part, w.Text) {
				return true
			}
		}
	}
	return false
}

// weighsEnd reports whether a sentence ends before the word at i, so many words
// after the last end.
func weighsEnd(weights map[string]int, said []words.Word, i, since int) bool {
	known := runOnWords()
	if since > 1 && !isLinked(said[i-1].Lower) && (asks(said, i, since) || i+1 < len(said) && joinsSentences(said[i].Lower) && asks(said, i+1, since+1)) {
		return true
	}
	if since > 3 && beginsCondition(said, i) && isWhole(said[i-since:i]) {
		return true
	}
	if known.joint[said[i-1].Lower] || dependsOn(said, i, since) {
		return false
	}
	if since > 2 && isWhole(said[i-since:i]) && (beginsClause(said, i) || known.order[said[i].Lower] && orders(said, i)) {
		return true
	}
	if since > 2 && i+1 < len(said) && (known.opener[said[i].Lower] || known.opener[said[i].Lower+" "+said[i+1].Lower]) {
		return true
	}
	var key [96]byte
	sum := 0
	runOnFeatures(key[:0], said, i, since, func(feature []byte) { sum += weights[string(feature)] })
	return sum > 15
}

// dependsOn reports whether the word at i goes on with what began as a condition
// ("if I had a dog | I would") or as a question ("how many hours | do we").
func dependsOn(said []words.Word, i, since int) bool {
	switch said[i-since].Lower {
	case "if", "when", "once", "because", "as":
		return since < 12
	}
	switch said[i].Lower {
	case "do", "does", "did", "is", "are", "was", "were", "have", "has", "can", "could", "will", "would", "should":
	default:
		return false
	}
	for n := max(i-since, i-4); n < i; n++ {
		switch said[n].Lower {
		case "how", "what", "which", "where", "when", "why", "whose":
			return true
		}
	}
	return false
}

// runOnFeatures passes on what the model knows of the place before the word at i.
// It writes the features to buffer.
func runOnFeatures(buffer []byte, said []words.Word, i, since int, yield func([]byte)) {
	at := func(n int) string {
		if n < 0 || n >= len(said) {
			return "-"
		}
		if w := said[n]; w.IsMark() || len(w.Lower) > 20 {
			return "*"
		}
		return said[n].Lower
	}
	put := func(name string, parts ...string) {
		key := append(buffer[:0], name...)
		for _, part := range parts {
			key = append(append(key, ' '), part...)
		}
		yield(key)
	}
	put("bias")
	put("a", at(i-1))
	put("b", at(i))
	put("ab", at(i-1), at(i))
	put("bc", at(i), at(i+1))
	put("ya", at(i-2), at(i-1))
	put("c", at(i+1))
	put("e", lastLetters(at(i-1)))
	put("eb", lastLetters(at(i-1)), at(i))
	put("s", strconv.Itoa(min(since, 6)))
	put("r", strconv.Itoa(min(len(said)-i, 4)))
	put("sb", strconv.Itoa(min(since, 4)), at(i))
	if since <= 2 {
		put("sa", strconv.Itoa(since), at(i-1))
		put("sya", strconv.Itoa(since), at(i-2), at(i-1))
	}
}

// lastLetters returns the last two letters of a word, "*" if they are not of ASCII.
func lastLetters(word string) string {
	end := word[max(0, len(word)-2):]
	for i := range len(end) {
		if end[i] >= 0x80 {
			return "*"
		}
	}
	return end
}
