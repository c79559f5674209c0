package analysis

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// isLinked reports whether a word surely goes on with what follows it.
func isLinked(word string) bool {
	switch word {
	case "a", "an", "the", "to", "of", "and", "or", "but", "so", "if", "whether", "that", "than", "not", "my", "your", "our", "their", "for", "with", "as", "because", "when", "while", "until", "what", "how":
		return true
	}
	return false
}

// beginsCondition reports whether a condition begins at i that comes before what
// depends on it: "if you have a garden you can".
func beginsCondition(said []words.Word, i int) bool {
	switch said[i].Lower {
	case "if", "once", "when", "while", "before":
	default:
		return false
	}
	for n := i + 4; n < min(i+11, len(said)-1); n++ {
		switch subject, verb, _ := strings.Cut(said[n].Lower, "'"); subject {
		case "i", "you", "we", "they", "he", "she", "it":
			if runOnWords().joint[said[n-1].Lower] && said[n-1].Lower != "it" {
				return false
			}
			return verb != "" || isVerbOfClause(said[n+1].Lower)
		}
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

// isWhole reports whether words may be a whole clause: they have a verb that is surely
// finite.
func isWhole(said []words.Word) bool {
	for _, w := range said {
		if isFinite(w.Lower) || strings.IndexByte(w.Lower, '\'') > 0 || len(w.Lower) > 4 && strings.HasSuffix(w.Lower, "ed") {
			return true
		}
	}
	return false
}

func isFinite(word string) bool {
	switch word {
	case "is", "are", "was", "were", "am", "can", "could", "will", "would", "should", "must", "may", "might", "has", "have", "had", "do", "does", "did", "need", "needs", "want", "wants", "think", "know", "went", "said", "got", "came", "works", "costs", "please", "sent", "told", "thanks", "thank", "comes", "goes", "takes", "looks", "let", "send", "give", "put":
		return true
	}
	return false
}

// beginsClause reports whether an article, its noun and a finite verb stand from i
// on, behind a word that is no part of the same clause: "... today the nurse will".
func beginsClause(said []words.Word, i int) bool {
	switch said[i].Lower {
	case "the", "my", "your", "our", "their", "his", "these", "this", "that", "those", "someone", "somebody", "nobody", "everyone", "everybody":
	default:
		return false
	}
	if takesObject(said[i-1].Lower) {
		return false
	}
	for n := i + 1; n < min(i+5, len(said)); n++ {
		switch word := said[n].Lower; {
		case n > i+1 && isVerbOfClause(word), n == i+1 && (said[i].Lower == "that" || strings.HasSuffix(said[i].Lower, "body") || strings.HasSuffix(said[i].Lower, "one")) && isVerbOfClause(word):
			return true
		case runOnWords().joint[word], word == "i":
			return false
		}
	}
	return false
}

func isVerbOfClause(word string) bool {
	switch word {
	case "is", "are", "was", "were", "can", "could", "will", "would", "should", "must", "has", "had", "does", "did", "needs", "isn't", "wasn't", "won't", "doesn't", "can't", "wants", "says", "said", "works", "looks", "comes", "goes", "starts", "costs", "takes":
		return true
	}
	return false
}

// takesObject reports whether a word is likely a verb or a preposition that what
// follows belongs to.
func takesObject(word string) bool {
	if strings.HasSuffix(word, "ing") || strings.HasSuffix(word, "ed") && len(word) > 4 {
		return true
	}
	return isFinite(word) || isVerbOfClause(word) || runOnWords().order[word]
}

// orders reports whether what is done to something follows the verb at i, which
// nothing before it makes a part of the clause: "... works send an invite".
func orders(said []words.Word, i int) bool {
	switch said[i-1].Lower {
	case "and", "to", "will", "i'll", "we'll", "you'll", "they'll", "he'll", "she'll", "never", "please", "let's", "i'd", "we'd", "you'd", "i", "we", "you", "they", "then", "also", "even", "still", "shall", "won't", "help", "just", "gonna", "the", "better", "rather", "them", "us", "it":
		return false
	}
	if i+1 >= len(said) {
		return false
	}
	switch said[i+1].Lower {
	case "me", "us", "him", "her", "them", "it", "the", "a", "an", "your", "my", "this", "that", "these", "our", "sure":
		return true
	}
	return false
}
