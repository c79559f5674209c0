// Package topics finds what a conversation is about: the key phrases of its
// messages, with a score, the messages, and broader topics as parents.
//
// # What is a topic
//
// A phrase is a row of up to three words that carry meaning; stop words,
// fillers of speech ("um", "kind of"), times, numbers and marks part one from
// the next, and a word where a verb is due ("we deployed the build") begins
// none. Phrases whose words have the same stems are one, and are called by the
// form that most of them have. A phrase that occurs within one longer phrase
// more often than not is none of its own; nor is one that is short for a heavier
// one ("SSO" of "single sign-on") or the other way round.
// Adjectives, weak nouns ("care") and participles are none by themselves.
//
// What a phrase weighs is
//
//	log(1+times) × rarity × length × early × speakers
//
// where times leaves out half of those within the longer phrase, rarity comes
// from the ranks of its words in English, longer phrases count for more, and so
// do those that come up early and are used by several speakers. The score of a
// weight w is w/(w+0.7): one mention in a short conversation is about 0.5, ten
// by several speakers above 0.8. It can be compared within a conversation;
// between conversations only roughly.
//
// There are at most 3+2√n topics for n messages, and never more than 40,
// beside those of a vocabulary that the caller gives: these are topics wherever
// they occur, in any form of their words, and score 0.75 at least.
//
// A topic's parents are the topics of which it has all words and more ("system"
// of "navigation system"), and the one that is at least twice as frequent and
// is in four fifths of its messages, if it is in three or more.
//
// # Limits
//
// A topic is made of words that were said; themes that nobody named are not
// found. Messages that are not in English have topics of the vocabulary only.
// Counts are exact up to 50,000 different phrases at a time; beyond that the
// rarest are forgotten, and their later counts begin anew. Memory is bounded
// but for some 50 bytes a message and 8 for each occurrence of a phrase that is
// not forgotten. Time is linear in the text: some 7 µs for a message of 60
// characters, splitting into words included, and 30 ms for the topics of
// 100,000.
package topics

// A Topic is something that a conversation is about.
type Topic struct {
	// Key is the same for all forms of the phrase, so an id that is made of
	// it and the conversation's id stays when more messages come.
	Key            string
	Text           string
	Score          float64  // 0 to 1
	Messages       []string // ids, in order
	Sentiment      float64  // mean polarity of the messages
	Parents        []string // texts of topics, the most specific first
	FromVocabulary bool     // it is of the vocabulary
}
