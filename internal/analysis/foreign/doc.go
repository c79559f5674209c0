// Package foreign tells the language of a text, and finds questions and tasks in
// German, Spanish, French and Portuguese, where sentences begin in speech without
// marks, and how their dates would be said in English.
//
// A language is told by its common words, see data/common_*.txt: the text is of the
// one of which it has most. What has none of them is of no language that is known.
//
// A task is a phrase of data/task_*.txt, such as "ich werde … schicken", with a verb
// of data/verb_*.txt, of which the ending is not looked at more than it takes to
// tell an infinitive from an order. That is far less than is known of English: what
// is found is mostly right, and much is missed.
//
// In speech without marks a sentence begins with a phrase of data/opener_*.txt, or of
// data/asking_*.txt, where what stands before is whole: it has the verbs that it needs, of
// data/finite_*.txt, and does not end with a word of data/linking_*.txt, or it is but a
// phrase of data/alone_*.txt. The time that takes is in proportion to the text.
//
// Dates are read by the grammar of English: their words are replaced one by one,
// see data/date_*.txt.
package foreign
