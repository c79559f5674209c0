package analysis

import "strings"

// Most sentences end where nobody could doubt it. The segmenter would find the
// same ends, at many times the cost; TestSureEnds holds that against it.

// isSingleSentence reports whether a passage has no full stop, question or
// exclamation mark but at its end, as most chat messages have.
func isSingleSentence(passage string) bool {
	inner := strings.TrimRight(passage, `.!?"')]`)
	return !strings.ContainsAny(inner, ".!?")
}

// certainEnd returns where the first sentence of a passage ends that ends for
// sure: in a word, a mark, a blank, and a capital. It is the end of the passage
// if there is none.
func (s *segmenter) certainEnd(passage string) int {
	word := 0 // where the current one begins
	for i := 0; i+2 < len(passage); i++ {
		switch passage[i] {
		case ' ':
			word = i + 1
		case '.', '?', '!':
			if passage[i+1] == ' ' && isCapital(passage[i+2]) && s.ends(passage[word:i], passage[i]) {
				return i + 1
			}
		}
	}
	return len(passage)
}

// ends reports whether a word with a mark behind it surely ends a sentence. It
// has two letters or more and nothing else, and the model knows nothing of it
// that would make the mark a part of it.
func (s *segmenter) ends(word string, mark byte) bool {
	var lower [24]byte
	if len(word) < 2 || len(word) > len(lower) {
		return false
	}
	for i := range len(word) {
		if !isLetter(word[i]) {
			return false
		}
		lower[i] = word[i] | 0x20
	}
	if mark == '.' {
		return !s.ambiguous[string(lower[:len(word)])]
	}
	return !strings.HasSuffix(word, "Yahoo")
}

func isCapital(c byte) bool { return 'A' <= c && c <= 'Z' }
