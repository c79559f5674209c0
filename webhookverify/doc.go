// Package webhookverify receives the webhooks of Turnwise, which are signed as
// Standard Webhooks 1.0.0 says. It needs nothing but the standard library.
//
// A receiver is a handler that takes events, behind the middleware of this
// package:
//
//	verifier, err := webhookverify.New([]string{os.Getenv("TURNWISE_WEBHOOK_SECRET")}, webhookverify.Options{
//		Ledger: webhookverify.NewMemory(10_000),
//	})
//	…
//	http.Handle("POST /hook", verifier.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//		event, _ := webhookverify.FromContext(r.Context())
//		log.Printf("job %s is %s", event.JobID, event.Status)
//	})))
//
// # What it promises
//
// The handler sees a request only if it carries a signature of its body by one of
// the secrets, made within five minutes of now. Several secrets are several that
// count, while one replaces another. A secret that begins with whsec_ is shared
// with the sender (scheme v1, HMAC-SHA256); one that begins with whpk_ is the
// public key of the sender (scheme v1a, ed25519), with which nobody can sign.
//
// With a [Ledger] it sees the events of a job in order, and each once: what comes
// again, or late, is answered 204 without it. An event counts as seen when the
// handler has answered 2xx and the ledger has kept its sequence; only then is
// the sender told. If the process dies between the two, the event comes again. To
// rule that out keep the sequence where you keep what the event changes, in one
// transaction, and leave the ledger out:
//
//	UPDATE jobs SET status = $2, sequence = $3 WHERE id = $1 AND sequence < $3
//
// # Answers
//
//	2xx  of the handler   the event is done
//	204                   it was seen before
//	400                   the body cannot be read, or is no event
//	401                   the signature or the time is wrong
//	405                   the request is no POST
//	413                   the body is too long
//	503                   the ledger failed; the event comes again
//
// What the handler answers otherwise is passed on. The sender tries again after
// anything that is not 2xx, but for 410, which ends the event.
package webhookverify
