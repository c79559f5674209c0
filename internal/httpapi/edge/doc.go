// Package edge takes requests, hands them to the routes of dialects, and sends
// what they answer.
//
// Every request passes the same steps: the token, the body and its bounds, the
// deadline, the handler of the route, the answer in the form that the caller
// accepts, one log line. Nothing is read of a body before the token is known.
// What computes for long does so in the turns of its account, and has none while it
// waits: see [InTurns].
//
// A dialect is a package of its own. It returns a [Dialect]: its routes, each
// with a [HandlerFunc]. Of a request it sees an [Exchange]. It answers with a
// value, which is sent as JSON, or with an error, which becomes a [Refusal].
// The package knows no route and no form of a body.
package edge
