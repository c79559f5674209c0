// Package httpapi is the HTTP API of Turnwise. It puts the dialects together
// and serves them, with the description of all of them.
//
//	httpapi → symbl, insights, management, attention, tokens, webhooks → conversations → input → edge
//
//	POST /oauth2/token:generate              a token that expires; also refresh, and DELETE revoke
//	POST /v1/process/text                    begins a conversation
//	PUT  /v1/process/text/{conversationId}   appends to one
//	GET  /v1/job/{jobId}                     the status of a job
//	GET  /v1/job/{jobId}/attempts            the attempts to deliver its webhooks
//	     /v1/webhooks/secrets                what webhooks are signed with
//	GET  /v1/conversations                   a list, by window, filter and order
//	GET  /v1/conversations/{id}              a conversation; PUT changes it, DELETE deletes it
//	GET  /v1/conversations/{id}/messages     its messages; likewise members, analytics
//	POST /v1/conversations/{id}/transcript   its messages as a text
//	GET  /v1/conversations/{id}/insights     what was found in it; likewise questions and others
//	     /v1/manage/trackers                 what an account saves; likewise groups, entities
//	     /v2/conversations                   the same conversations in Attention's API
//	GET  /openapi.json, /openapi.yaml, /docs the description of the API
//
// A dialect is a package below this one. It declares the interfaces that it
// needs and returns its routes. A dialect imports package edge and the shared
// packages input and conversations, but no other dialect. So a new route
// touches its dialect, the OpenAPI document and a test; a new dialect is one
// more line in api.go.
//
// A request is accepted as a whole or not at all: it is either answered with
// 201, and then its job will take effect, or refused with a sentence that names
// the field and what is wrong with it.
//
// An object of another account is answered like one that does not exist, to the
// byte. The package knows neither Redis nor asynq. It declares what it needs in
// [Deps] and [Options].
package httpapi
