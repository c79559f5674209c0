package attention

import (
	"context"
	"errors"
	"net/http"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
	"github.com/turnwise/turnwise/internal/jobs"
)

// importText serves POST /v2/conversations/import: a transcript becomes a
// conversation, by a job as any text does.
//
// It takes several steps, of which each may be repeated, so an import that
// broke off is completed by sending it again. The external id, if there is
// one, is bound first, to the id that the conversation will have; the labels
// come last, when it exists.
func (h *handlers) importText(ctx context.Context, x *edge.Exchange) (any, error) {
	im, err := parseImport(x)
	if err != nil {
		return nil, err
	}
	if err := h.reserve(ctx, im); err != nil {
		return nil, err
	}
	id, err := h.begin(ctx, im.append)
	if err != nil {
		return nil, err
	}
	if err := h.complete(ctx, im, id); err != nil {
		return nil, err
	}
	return struct {
		UUID string `json:"uuid"`
	}{conversation.UUID(id)}, nil
}

// An importing is an import that passed validation.
type importing struct {
	append      jobs.Append
	labels      input.Labels
	externalID  string
	fingerprint string
}

// parseImport reads the request.
func parseImport(x *edge.Exchange) (*importing, error) {
	query, err := input.Query(x.Request.URL)
	if err != nil {
		return nil, err
	}
	key, err := edge.IdempotencyKey(x.Request.Header)
	if err != nil {
		return nil, err
	}
	body, err := input.Decode[importBody](x.Body)
	if err != nil {
		return nil, err
	}
	options, err := body.options()
	if err != nil {
		return nil, err
	}
	utterances, err := body.utterances(&options)
	if err != nil {
		return nil, err
	}
	im := &importing{
		append:      jobs.Append{Account: x.Account.ID, Options: options, Utterances: utterances},
		labels:      body.Labels,
		externalID:  body.ExternalID,
		fingerprint: edge.Fingerprint(x.Request, query, x.Body),
	}
	if key != "" && im.externalID == "" {
		im.append.IdempotencyKey, im.append.Fingerprint = key, im.fingerprint
	}
	return im, nil
}

// reserve binds the external id, if there is one, to the conversation that is
// to be made. It serves as an idempotency key that is never forgotten, so
// another one beside it is not needed.
func (h *handlers) reserve(ctx context.Context, im *importing) error {
	if im.externalID == "" {
		return nil
	}
	id, err := h.ExternalIDs.BindExternalID(ctx, im.append.Account, im.externalID, im.fingerprint)
	if errors.Is(err, edit.ErrContended) {
		err = errImporting
	}
	im.append.NewID = id
	return err
}

// errImporting refuses an import that gets in the way of one that is not
// through yet.
var errImporting = &edge.Refusal{
	Status: http.StatusConflict, RetryAfter: true,
	Message: "Another import with this externalId is under way. Send the request again.",
}

// begin submits the text. That the reserved id is in use means that the same
// import was here before.
func (h *handlers) begin(ctx context.Context, text jobs.Append) (id string, err error) {
	r, err := h.Jobs.Submit(ctx, text)
	if text.NewID != "" && errors.Is(err, jobs.ErrIDTaken) {
		return text.NewID, nil
	}
	return r.ConversationID, err
}

// complete notes the labels and the external id, unless that was done before:
// the labels may have been changed since.
func (h *handlers) complete(ctx context.Context, im *importing, id string) error {
	if im.externalID == "" && len(im.labels) == 0 {
		return nil
	}
	c, err := h.Conversations.Store.Conversation(ctx, im.append.Account, id)
	if im.externalID != "" && errors.Is(err, jobs.ErrUnknownConversation) {
		return errImporting // it is being deleted, after an earlier import
	}
	if err != nil {
		return err
	}
	done := len(c.Labels) > 0
	change := edit.Change{Labels: im.labels}
	if im.externalID != "" {
		done = c.ExternalID == im.externalID
		change.ExternalID = &im.externalID
	}
	if done {
		return nil
	}
	_, err = h.Editor.Update(ctx, edit.Target{Account: im.append.Account, ID: id}, change)
	return err
}
