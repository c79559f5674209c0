// Enqueue is the command line of Turnwise: it submits text, appends to
// conversations, watches jobs, reads what is stored, and receives webhooks.
//
// It is a client of the HTTP API and nothing else. With --redis-url there is
// no server: the API's own handler then runs in this process, on that Redis,
// so that requests are refused, stored and answered in the same way.
//
//	command → client → http.RoundTripper ─┬─ network → worker
//	                                      └─ httpapi → jobs → store → Redis
//
// Results go to standard output, for people or, with -o json, for programs;
// everything else goes to standard error. The exit code says what kind of end
// it was, see package exit. The commands are in internal/cli.
package main
