package attention

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/jobs"
)

// Jobs accepts appends, with the errors of package jobs.
type Jobs interface {
	Submit(ctx context.Context, a jobs.Append) (jobs.Receipt, error)
}

// Editor changes conversations, with the errors of packages edit and
// jobs.
type Editor interface {
	Update(ctx context.Context, t edit.Target, c edit.Change) (conversation.Conversation, error)
}

// ExternalIDs knows conversations by the ids that callers have for them.
type ExternalIDs interface {
	// BindExternalID binds an external id to a conversation, which the caller
	// creates under the id returned unless it has done so before: the same
	// request, by its fingerprint, gets the same id. It returns
	// [edit.ErrExternalIDTaken] if the conversation of another request has the
	// external id, and [edit.ErrContended] if it may be about to.
	BindExternalID(ctx context.Context, account, externalID, fingerprint string) (id string, err error)
	// ByExternalID returns [jobs.ErrUnknownConversation] if there is none.
	ByExternalID(ctx context.Context, account, externalID string) (id string, err error)
}

// Deps are what the dialect serves. All are required.
type Deps struct {
	Jobs          Jobs
	Conversations conversations.Reader
	Editor        Editor
	ExternalIDs   ExternalIDs
}

type handlers struct{ Deps }

// Dialect returns the routes of the v2 API, and its form of errors.
func Dialect(deps Deps) edge.Dialect {
	h := &handlers{deps}
	return edge.Dialect{
		Routes: []edge.Route{
			edge.OK("GET /v2/conversations", h.resources).Takes(listParams()...),
			edge.OK("GET /v2/conversations/list", h.resources).Takes(listParams()...),
			edge.OK("GET /v2/conversations/{id}", h.resource).Takes(slices.Concat([]string{"by", "detailedTranscript"}, included())...),
			edge.OK("GET /v2/conversations/by-external-id/{externalId}", h.resourceByExternalID),
			edge.OK("PUT /v2/conversations/{id}", h.updateResource),
			edge.OK("PUT /v2/conversations/{id}/title", h.updateTitle),
			edge.OK("PUT /v2/conversations/{id}/labels", h.updateLabels),
			edge.OK("PUT /v2/conversations/{id}/change_privacy", h.togglePrivacy),
			edge.OK("PUT /v2/conversations/{id}/linked-crm-records", h.linkRecords),
			edge.OK("DELETE /v2/conversations/{id}", h.archive),
			edge.OK("POST /v2/conversations/import", h.importText),
		},
		NotOffered:  notOffered(),
		ErrorPrefix: "/v2/",
		ErrorBody:   failureBody,
	}
}

// A failure is a refusal by the v2 API. Its form is not documented: clients of
// JSON:API read errors, others a message.
type failure struct {
	Errors  []failureError `json:"errors"`
	Message string         `json:"message"`
}

type failureError struct {
	Status string `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

func failureBody(status int, message string) any {
	return failure{
		Errors:  []failureError{{strconv.Itoa(status), http.StatusText(status), message}},
		Message: message,
	}
}
