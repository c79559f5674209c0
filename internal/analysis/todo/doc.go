// Package todo estimates how probable it is that a sentence of English gives somebody
// something to do, and that what is to be done is to communicate or to meet.
//
// It stands beside the rules of package speech, which know what they were told and say who
// is to do what: the model knows no grammar, but weighs all words, rows of words, words that
// are used like them, and where they stand, as they were in sentences that people labelled. So
// it finds what is said in a way that no rule has, and doubts what a rule takes for a task
// because of one word. It says nothing of who, what and when.
//
// A [Model] is a logistic regression. The weights in data were learned from text of the
// repository by the command in todo/train; data/README.md says from which. A model takes time in
// proportion to the text and does not change, so it may be shared.
package todo
