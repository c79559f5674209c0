package runon

import "github.com/turnwise/turnwise/internal/analysis/words"

// question is what the word order of a question adds to the logits that a sentence
// begins with it. It shows more than the network learned: little of what it learned
// from asks as those do who work together.
const question = 2.5

// asksAt returns what the word order at i adds, in a sentence that goes on from start.
func asksAt(said []words.Word, start, i int) float32 {
	since := i - start
	if since < 2 || isLinked(said[i-1].Lower) {
		return 0
	}
	if asks(said, i, since) || i+1 < len(said) && joinsSentences(said[i].Lower) && asks(said, i+1, since+1) {
		return question
	}
	return 0
}

// isLinked reports whether a word surely goes on with what follows it.
func isLinked(word string) bool {
	switch word {
	case "a", "an", "the", "to", "of", "and", "or", "but", "so", "if", "whether", "that", "than", "not", "my", "your", "our", "their", "for", "with", "as", "because", "when", "while", "until", "what", "how":
		return true
	}
	return false
}

// joinsSentences reports whether a word may begin a sentence before its first clause.
func joinsSentences(word string) bool {
	switch word {
	case "and", "so", "but", "btw", "also":
		return true
	}
	return false
}

// asks reports whether a question begins at i: with an auxiliary before its subject,
// or with a word of asking and such an auxiliary behind it ("how many can you").
func asks(said []words.Word, i, since int) bool {
	if isAsking(said[i].Lower) {
		for n := i + 1; n < min(i+4, len(said)-1); n++ {
			if isInverted(said, n) {
				return true
			}
		}
		return false
	}
	if !isInverted(said, i) {
		return false
	}
	for n := i - 1; n >= max(i-since, i-4); n-- {
		switch word := said[n].Lower; {
		case isAsking(word), word == "neither", word == "nor", word == "only", word == "than", word == "as", word == "so" && n == i-1:
			return false
		}
	}
	return true
}

func isAsking(word string) bool {
	switch word {
	case "how", "what", "which", "where", "when", "why", "who", "whose", "what's", "where's", "who's", "how's":
		return true
	}
	return false
}

// isInverted reports whether an auxiliary stands before its subject at i. "Is" and
// "was" before "this" and "that" are not, for "that" may be their subject.
func isInverted(said []words.Word, i int) bool {
	if i+1 >= len(said) {
		return false
	}
	switch said[i].Lower {
	case "do", "does", "did", "is", "are", "was", "were", "am", "can", "could", "will", "would", "should", "shall", "have", "has", "isn't", "aren't", "don't", "doesn't", "didn't", "can't", "couldn't", "won't", "wouldn't", "shouldn't", "haven't", "hasn't":
	default:
		return false
	}
	switch said[i+1].Lower {
	case "you", "i", "we", "they", "he", "she", "anyone", "anybody", "someone", "somebody", "everyone", "everybody", "there":
		return said[i].Lower != "have" || said[i+1].Lower != "you" && said[i+1].Lower != "someone" && said[i+1].Lower != "somebody" || i+2 < len(said) && len(said[i+2].Lower) > 2
	case "it", "the", "your", "my", "that", "this":
		switch said[i].Lower {
		case "does", "did", "will", "would", "should", "is", "isn't", "doesn't", "didn't":
			return said[i].Lower != "is" || said[i+1].Lower == "it"
		}
	}
	return false
}
