// Package speech finds questions, action items and follow-ups in a sentence of
// English, with the phrase that states the task and with its assignee.
//
// The rules are code. The words that they look for are in the files in data,
// one a line. See docs/analysis.md for how to add one. The package does not
// resolve people or times: it knows names only as words.
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
//	order       Call me tomorrow. Don't forget to book a room.
//	obligation  I have to finish the slides. We need to test this first. You'd better ask.
//	need        I want them cleaned by five. What I still need is your passport.
//	proposal    We can resize the icons. Let's meet on Monday. I may have to call.
//	prohibition Don't deploy anything on Friday.
//	taking on   I'm on it. Leave it with me. I'll do that.
//
// A follow-up is an action item of communicating or meeting: call, e-mail,
// discuss, schedule, let someone know, keep someone informed, come round. A sentence has at
// most one task, unless it names several people with tasks of their own: what it
// says best decides the score and who does it, and all that is to be done gives
// phrases.
//
// None of them is what has been done, what one will be or feel ("I will be out
// of town"), what happens to things ("the batteries will last"), a rule for
// everyone ("when you are ready to speak, please ..."), a formula ("please find
// attached", "if you have any questions, call ...") or a remark about the talk
// itself ("I must say", "we'll move on"), what one does at the same moment ("I'll
// just put it there"), what is quoted, or what depends on a condition ("we can fix
// it if it breaks").
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
// The rules were written on 3,520 sentences of e-mails, meetings and chats, which
// testdata has with what else was labelled, and on half of 399 more that the
// author of an earlier set of rules labelled. F1 at 0.5:
//
//	             testdata            the 399
//	             written on  check   written on  other half  all
//	question     0.96        0.96    0.98        0.90        0.95
//	action item  0.83        0.75    0.99        0.71        0.85
//	follow-up    0.90        0.89    1.00        0.77        0.88
//
// Of the columns "check" and "other half" hardly a sentence was read when the
// rules were written, but the figures of "check" were. Action items of e-mails
// reach 0.82 and 0.80 there, those of meetings 0.44 and 0.54. Follow-ups of 203
// more sentences, chosen for their words of communicating, had 0.76 when they
// were new. All labels are of one hand each.
//
// # Limits
//
// The rules know English only; text in other languages gives questions by
// their marks and nothing else. A clause is read without a parse: what a
// relative clause describes, and who "he" is, is not known. In meetings, what is
// done at the same moment ("I'll draw something") and what a product has to be
// ("we need to lose some buttons") pass for tasks, and so do the requests of
// mailings in e-mails.
package speech
