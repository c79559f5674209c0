// Package analyzer gets the insights of a job from other services: a [Remote]
// from a service at a URL of the operator, a [Chat] from a chat model.
// [Embeddings] matches trackers by meaning, with the vectors of a model. If a
// model fails, the local result stands. The package knows neither the store nor
// the HTTP API.
//
// Sentences, their ids and their times always come from package analysis.
//
// # A service
//
// The sentences are sent in one POST:
//
//	{"jobId": "…", "conversationId": "…", "attempt": 1, "options": {…},
//	 "messages": [{"id": "…", "text": "…", "from": {"id","userId","name"},
//	               "startTime": "…", "endTime": "…"}, …]}
//
// and the answer, any 2xx, says what was found in them, if anything:
//
//	{"insights": [{"type": "action_item", "text": "…", "score": 0.9,
//	               "messageIds": ["…"]}, …]}
//
// A type is question, action_item or follow_up; a score, 1 if absent, lies
// between 0 and 1, and below the job's confidence threshold the insight is
// dropped; the messages, one at least, are among those that were sent. An id,
// of decimal digits, may come with an insight; without one it is derived from
// the job and the place in the answer, so that a repetition yields the same.
// Members that are not named here are ignored.
//
// What becomes of a job follows from the answer:
//
//	2xx, as above                              the insights are used
//	2xx, not as above                          the job fails
//	4xx but 408, 425 and 429                   the job fails, with the answer's message
//	3xx, 5xx, 408, 425, 429, silence, refusal  the attempt fails
//
// The texts of errors are made for the job's owner: they name no address. The
// cause is added where an error is logged.
//
// # A chat model
//
// A model is asked for action items and follow-ups only. It gets the sentences
// by their numbers, in batches, with the names of those who speak, and must
// answer with those numbers and with quotations. What names something else or
// quotes wrongly is dropped; if that is most of an answer, or the model fails,
// the job keeps what it would have without the model, and a warning is logged.
package analyzer
