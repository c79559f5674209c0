// Package tracking finds the terms of trackers in sentences, word for word, and
// sentences that are similar to a term. It knows neither accounts nor jobs.
//
// # Literal
//
// A term is found literally as package phrases finds a phrase: whole words,
// whatever the case, in any script. Such a match has its place and the score 1.
// It does not count within an occurrence of an excluded term of its tracker. A
// sentence has its first 10,000.
//
// # Similar
//
// A tracker of which no term, not even an excluded one, stands in a sentence
// may have one similar match there. Its score estimates the probability that
// the sentence means what the vocabulary means. It is logistic in
//
//   - how much of one of the terms the sentence covers, of that of which it
//     covers most: the match is said to be with that one,
//   - how much of the sentence the whole vocabulary covers,
//   - the cosine of the vectors of sentence and vocabulary.
//
// A word is covered by one with the same stem, or in part by one that shares
// letters: by the cosine of the sets of their trigrams and tetragrams, if that
// is 0.4 or more. Words with digits are like no others. Words weigh the more the
// rarer they are in English, and by where their vector lies along a learned
// direction, the emphasis; the ten commonest do not count as covered. The vector
// of a sentence is the weighted sum of those of its words in package lexicon,
// through a learned projection; the vector of a vocabulary is the mean of its
// terms'.
//
// A sentence that is as near to the excluded vocabulary as to the vocabulary has
// no similar match.
//
// # Limits
//
// A sentence and a vocabulary that share no word, not even in part, do not
// match: "I don't have any money" is not found by "I ran out of budget". Stems
// and vectors are those of English; in other languages letters and literal
// matches remain. What is misspelled has no vector and says less. A short term
// says little: in doubt, more terms help.
//
// Time grows with the words of the sentence and with the terms and trackers
// that share a word with it, whatever the words are.
//
// # The model
//
// Projection, emphasis and weights are in the binary; tracking/train makes them
// from utterances with known intents, and data/README.md says from which, and
// whose. A [Model] and a [Matcher] do not change and may be shared.
package tracking

// A Tracker is what to look for.
type Tracker struct {
	Vocabulary []string
	Exclude    []string
}

// A Match is a sentence, or a place in it, that a tracker looks for.
type Match struct {
	Tracker    int     // which of those compiled
	Term       int     // which of its vocabulary
	Start, End int     // in bytes; -1 if the sentence is only similar
	Score      float64 // confidence, 0 to 1
}
