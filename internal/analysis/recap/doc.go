// Package recap writes a sentence of a conversation as a report has it: who does
// what, in the third person, without the turns of talk.
//
//	Dana, to Marco: Great, I'll send you a quote for 120 seats by Thursday.
//	Dana will send Marco a quote for 120 seats by Thursday.
//
// It says of a sentence what it is worth in a summary ([Reading.Kind]): a decision
// and a task more than other statements, a question and a greeting less. It writes
// nothing that was not said: words of the first and second person are replaced by
// who speaks and who is spoken to, as far as that is known, and a task begins with
// who is to do it. Whom "he" and "it" mean it does not know; they stay as they are.
//
// English only. A [Writer] does not change and may be shared.
package recap
