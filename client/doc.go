// Package client talks to Turnwise: it submits text, follows jobs, and reads
// and changes conversations, trackers, groups and entities.
//
//	c, err := client.New("http://127.0.0.1:8080", token, client.Options{})
//	receipt, err := c.SubmitText(ctx, client.Append{Messages: …})
//	job, err := c.WaitJob(ctx, receipt.JobID)
//	messages, err := c.Messages(ctx, receipt.ConversationID, client.MessageOptions{})
//
// A call is one method, and one method is one request, sent again while the
// API is busy or away:
//
//	method → Do ─┬─ once ─→ 2xx: the answer
//	             ↑    └───→ 429, 502, 503, 504, no answer
//	             └─ wait ←────┘  until Options.RetryFor or the context is over
//
// What is sent again takes effect once. Reads may be repeated, as may changes
// that set something to a value. An append carries an idempotency key, random
// unless the caller gives one, that is the same over all tries. What is none
// of these, such as making a tracker, is sent again only if it certainly did
// not take effect: it was refused with 429, or no connection came about.
//
// An answer that is not a success is an [*Error], and a request without an
// answer a [*ConnectionError]; [errors.Is] matches both with [ErrNotFound],
// [ErrUnavailable] and their like.
//
// A [Client] is safe for use by several goroutines at once. It follows no
// redirects, because its token is for one server, and bounds what it reads.
// [VerifyWebhook] is for the other side: the program that gets the webhooks.
//
// The package knows the API by its documents alone, and imports nothing of
// the server.
package client
