// Package summary picks the sentences that say most of a conversation. It
// writes none of its own.
//
// A sentence is worth the sum, over the different words of it that carry
// meaning, of
//
//	√rarity × log(1+sentences with the word)
//
// divided by its number of words and ten, so that neither a fragment nor a
// long-winded sentence wins by its length. Questions and sentences of up to
// seven words and marks count half. From the best ones the summary takes, one after the
// other, the one that is worth most less three quarters of its likeness to the
// likest that was taken; likeness is the share of the weight of both's words
// that they have in common. The sentences come in their original order.
//
// A summary has half the square root of the conversation's sentences, see
// [Size].
//
// # Limits
//
// The sentences stay as they were said: pronouns are not resolved, and
// disfluent speech makes a disfluent summary. Where no word carries meaning that
// the tables know, as in scripts without blanks, the first sentences are taken.
// Time and memory are linear in the text.
package summary
