// Package session has what every command of enqueue shares: the streams and
// the environment it runs with, the global flags, and the connection to the
// API.
//
// An [Invocation] is one run of enqueue. A command of the API is made with
// [Invocation.WithSession], which connects and hands it a [Session]:
//
//	flags, environment, state of the try-out → Invocation → Session → client → API
//
// The package knows no command.
package session
