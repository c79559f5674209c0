// Package inference asks a model server that the operator names for what the
// analysis in this process cannot do: vectors of what texts mean, and answers
// of a chat model. It speaks the HTTP API of OpenAI, as many servers do.
//
// A [Client] keeps to bounds, so that a server which is slow, broken or hostile
// costs time and nothing else:
//
//   - A call ends within its timeout, also while it waits for one of the slots.
//   - An answer is read up to 24 MiB, and not at all if it is no 2xx.
//   - After five calls in a row without a usable answer, the server is not
//     called for ten seconds. Then one call tests it.
//   - No redirect is followed, so the key is sent to no other server.
//
// Answers are checked: there must be one vector for each text, all of one length
// and finite, and answers must have the form that was asked for. A call without a
// usable answer returns an [*Error]. Its text names neither address nor key, and
// nothing of the texts.
//
// A call is not repeated: the caller has a result without it, and the next job asks
// again. Of the environment only the proxy is read; OPENAI_API_KEY and the like are
// for other programs.
package inference
