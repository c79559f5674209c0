// Package runon finds where sentences begin in English text without marks, as speech
// recognition writes it: "okay what about the website i think we should ask sarah".
//
// A [Model] is a small neural network with one hidden layer, beside weights for rows of
// two and three words and what the word order of questions tells. For each place between
// two words it reads the words around it, the first words of the sentence that goes on
// there, what that sentence consists of so far, and how long it is; of words that its
// vocabulary lacks, which others are used like them. Of the ways to divide a passage it
// takes the likeliest that a beam search finds.
//
// The weights in data were learned from text with marks, whose marks and capitals were
// taken away; data/README.md says from which, and how they are made anew. A model
// takes time in proportion to the text, whatever the text is, and keeps no state.
package runon
