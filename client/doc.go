// Package client talks to Turnwise: it submits text, follows jobs, and reads
// and changes conversations, trackers, groups and entities. It steers webhooks, too.
//
//	c, err := client.New("http://127.0.0.1:8080", token, client.Options{})
//	receipt, err := c.SubmitText(ctx, client.Append{Messages: …})
//	job, err := c.WaitJob(ctx, receipt.JobID)
//	messages, err := c.Messages(ctx, receipt.ConversationID, client.MessageOptions{})
//
// A method is one request, repeated while the API is busy or away:
//
//	method → Do ─┬─ try ──→ 2xx: the answer
//	             ↑    └───→ 429, 502, 503, 504, no answer
//	             └─ wait ←────┘  until Options.RetryFor or the end of the context
//
// A repeated request takes effect once. Reads may be repeated, and so may
// changes that set something to a value. An append carries an idempotency key
// that is the same for all tries; it is random unless the caller gives one. Any
// other request, such as creating a tracker, is repeated only if it certainly
// had no effect: it was refused with 429, or no connection was made.
//
// An answer that is not a success is an [*Error], and a request without an
// answer a [*ConnectionError]; [errors.Is] matches both with [ErrNotFound],
// [ErrUnavailable] and their like.
//
// A [Client] is safe for concurrent use. It follows no redirects, because its
// token is for one server, and limits the size of an answer. [VerifyWebhook] is
// for the program that receives the webhooks.
//
// The package knows only the documents of the API, and imports nothing of the
// server.
package client
