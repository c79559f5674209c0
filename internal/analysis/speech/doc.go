// Package speech finds what is asked and what is to be done in a sentence of
// English: questions, action items and follow-ups, with the phrase that says
// what to do and who is to do it.
//
// # Definitions
//
// A question asks for information: with a question mark, by its word order
// ("could you check with Steve"), by its first words ("what about Friday") or
// indirectly ("I was wondering if the room is free"). What is only polite ("how
// are you?") or only an echo ("sorry?") scores under 0.5.
//
// An action item is something particular that someone is to do:
//
//	commitment  I'll send the report. Mark will handle it. She's going to call.
//	request     Please sign it. Could you fax me the list? I need you to check.
//	order       Call me tomorrow. Don't forget to book a room. TODO: fix the page.
//	obligation  I have to finish the slides. We need to test this first.
//	proposal    We can resize the icons. Let's meet on Monday. I may have to call.
//
// A follow-up is an action item of communicating or meeting: call, e-mail,
// discuss, schedule, let someone know, keep someone informed. A sentence has at
// most one of each: what it says best decides the score and who does it, and
// all that is to be done gives phrases.
//
// None of them is what has been done, what one will be or feel ("I will be out
// of town"), what happens to things ("the batteries will last"), a rule for
// everyone ("when you are ready to speak, please ..."), a formula ("please find
// attached", "if you have any questions, call ...") or a remark about the talk
// itself ("I must say", "we'll move on").
//
// # Scores
//
// A score says how sure the wording makes it, not how much the thing matters.
// It begins with the kind of clause, and rises with a verb of doing and with a
// date; it falls with hedges, with verbs that seldom mean a task, and where the
// clause only conditions or describes something. 0.5 is the cut to use; a
// higher one gives up recall for precision.
//
// # How it was measured
//
// On 399 sentences from e-mails and meetings that one annotator, the author of
// an earlier set of rules, labelled after these definitions: 42 questions, 73
// action items, 33 of them follow-ups. The rules were written with those of even
// number in view, and with other sentences of the same e-mails; those of odd
// number were not read, but for the first five, though their figures were seen
// on the way. F1 at 0.5, and precision and recall of all at 0.5, 0.6 and 0.7:
//
//	             even   odd   all   P, R at 0.5   at 0.6      at 0.7
//	question     0.98  0.93  0.96   0.95, 0.98   0.95, 0.98  0.95, 0.95
//	action item  0.97  0.61  0.80   0.78, 0.82   0.90, 0.71  0.92, 0.60
//	follow-up    1.00  0.73  0.86   0.88, 0.85   0.89, 0.73  0.92, 0.73
//
// What to expect of new text is the column of the odd ones. Of e-mails it is
// better (action items 0.70) than of meetings (0.46). The set is small and of
// one hand, and is not part of the project.
//
// # Limits
//
// The rules know English only; text in other languages gives questions by
// their marks and nothing else. A clause is read without a parse: what a
// relative clause describes, and who "he" is, is not known. In the talk of a
// meeting about a design, "we have to use rubber buttons" passes for a task.
// Speech without punctuation hides half of its questions.
package speech
