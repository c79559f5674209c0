// Package foreign tells the language of a text, and finds questions and tasks in
// German, Spanish, French and Portuguese, and how their dates would be said in
// English.
//
// A language is told by its common words, see data/common_*.txt: the text is of the
// one of which it has most. What has none of them is of no language that is known.
//
// A task is a phrase of data/task_*.txt, such as "ich werde … schicken", with a verb
// of data/verb_*.txt, of which the ending is not looked at more than it takes to
// tell an infinitive from an order. That is far less than is known of English: what
// is found is mostly right, and much is missed.
//
// Dates are read by the grammar of English: their words are replaced one by one,
// see data/date_*.txt.
package foreign
