package speech

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A pair is a verb and the word behind it that says what it means.
type pair [2]string

// readPairs returns the verbs of a file with the words behind them, also in their -ing form.
func readPairs(file string) map[pair]bool {
	pairs := map[pair]bool{}
	for line := range words.Terms(words.Read(data, file)) {
		verb, particle, _ := strings.Cut(line, " ")
		pairs[pair{verb, particle}] = true
		pairs[pair{strings.TrimSuffix(verb, "e") + "ing", particle}] = true
		pairs[pair{verb + verb[len(verb)-1:] + "ing", particle}] = true
	}
	return pairs
}

// hasParticle reports whether the verb at i is one of doing with the word behind it:
// "hold off on it", "see to that".
func (s *sentence) hasParticle(i int) bool {
	return i >= 0 && i+1 < len(s.words) && s.vocabulary.pairs[pair{s.forms[i], s.forms[i+1]}]
}

// talksWithParticle reports whether the verb at i is one of communicating with the word
// behind it.
func (s *sentence) talksWithParticle(i int) bool {
	return i >= 0 && i+1 < len(s.words) && s.vocabulary.talkPairs[pair{s.forms[i], s.forms[i+1]}]
}

// isParted reports whether the verb at i has what it is done to between itself and its
// particle: "speed that up".
func (s *sentence) isParted(i int) bool {
	if !s.isOne(i+1, "it", "them", "this", "that", "these", "those", "him", "her") && !s.is(i+1, determiner) {
		return false
	}
	for n := i + 2; n < i+6 && !s.isMark(n) && !s.is(n, ends|auxiliary); n++ {
		if s.in(n, particle) && s.at(n) != "with" {
			return true
		}
	}
	return false
}
