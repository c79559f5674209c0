// Package inference asks a model server that the operator names for what the
// analysis in this process cannot do: vectors of what texts mean, and answers
// of a chat model. It speaks the HTTP API of OpenAI, as many servers do.
//
// A [Client] keeps to bounds, so that a server which is slow, broken or hostile
// costs time and nothing else:
//
//   - A call ends within its timeout, also while it waits for one of the slots.
//   - An answer is read up to 24 MiB, and not at all if it is no 2xx.
//   - After five calls in a row to which the server was no help, it is left
//     alone for ten seconds. Then one call finds out how it is.
//   - No redirect is followed, so the key goes nowhere else.
//
// What comes back is checked: vectors must be as many as texts, of one length
// and finite, and answers of the form that was asked for. A call that failed
// nothing returns an [*Error], whose text names neither address nor key nor
// what was said. Nobody needs the server: who calls has a result without it.
//
// A call is made once: there is a result without it, and the next job asks anew.
// The environment of the process is not looked at, but for a proxy:
// OPENAI_API_KEY and its like are for other programs.
package inference
