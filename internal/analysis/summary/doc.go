// Package summary selects the most informative sentences of a conversation. It
// writes none of its own.
//
// The value of a sentence is the sum, over its different words that carry
// meaning, of
//
//	√rarity × log(1+sentences with the word)
//
// divided by its number of words plus ten, so that length decides neither for a
// fragment nor for a long sentence. The value of questions, and of sentences of
// up to seven words and marks, is halved.
//
// The summary takes one sentence after the other: each time the one with the
// highest value, less three quarters of its greatest similarity to a sentence
// that was taken before. The similarity of two sentences is the weight of the
// words that they share, divided by the weight of all their words. The result is
// in the original order.
//
// A conversation of a hundred sentences or more has parts, which begin where what was said
// before has least in common with what comes next; there are three, or a third as many as the
// summary has sentences. Each has one sentence before any has a second.
//
// Who knows more of the sentences, that they are decisions or greetings, has them
// count for more or less, see [Collection.PickBy].
//
// # Limits
//
// The sentences are not changed; package recap writes them anew. Where no word carries meaning that
// the tables know, as in scripts without blanks, the first sentences are taken.
// Time and memory are linear in the text.
package summary
