// Package httpapi is the HTTP edge of Turnwise: it turns requests into appends
// and look-ups, and what comes back into the documented answers.
//
//	POST /oauth2/token:generate              a token that expires; also refresh, and DELETE revoke
//	POST /v1/process/text                    begins a conversation
//	PUT  /v1/process/text/{conversationId}   appends to one
//	GET  /v1/job/{jobId}                     how a job stands
//	GET  /v1/job/{jobId}/attempts            how its webhooks went
//	GET  /v1/conversations                   a list, by window, filter and order
//	GET  /v1/conversations/{id}              a conversation; PUT changes it, DELETE deletes it
//	GET  /v1/conversations/{id}/messages     what was said; likewise members, analytics
//	POST /v1/conversations/{id}/transcript   the same to be read
//	GET  /v1/conversations/{id}/insights     what was found in it; likewise questions and others
//	     /v1/manage/trackers                 what an account saves; likewise groups, entities
//	     /v2/conversations                   the same conversations, as Attention's API has them
//	GET  /openapi.json, /openapi.yaml, /docs all of this, for programs and for people
//
// Every request passes the same stations: the token, the body and its bounds,
// the deadline, the endpoint, the answer in the form that the caller takes, one
// log line. Only who asks for a token needs none. Nothing is read of a body before
// the token is known, and nothing is accepted in part: a request is either
// answered with 201, and then its job will take effect, or refused with a
// sentence that names the field and what is wrong with it.
//
// It is liberal where the documents of the API contradict each other
// (booleans as strings, several names for one member, either place of
// webhookUrl) and strict about what would change a text silently: broken
// UTF-8, lone surrogates, members given twice.
//
// Whatever belongs to another account does not exist: the answers are the
// same to the byte. The package knows neither Redis nor asynq; what it needs
// it names in [Deps] and [Options].
package httpapi
