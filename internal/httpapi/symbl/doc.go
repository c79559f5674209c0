// Package symbl serves the part of the API of Symbl that takes texts, and
// reads and changes conversations.
//
//	POST /v1/process/text                    begins a conversation
//	PUT  /v1/process/text/{conversationId}   appends to one
//	GET  /v1/job/{jobId}                     the status of a job
//	GET  /v1/conversations                   a list, by window, filter and order
//	GET  /v1/conversations/{id}              a conversation; PUT changes it, DELETE deletes it
//	GET  /v1/conversations/{id}/messages     the messages; likewise members
//	POST /v1/conversations/{id}/transcript   the messages as a text
package symbl
