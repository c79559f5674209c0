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
// conversation by a job, as any text does.
//
// It takes several steps. Each may be repeated, so an import that failed is
// completed by sending it again. The external id, if there is one, is bound first,
// to the id that the conversation will have. The labels are set last, when the
// conversation exists.
func (h *handlers) importText(ctx context.Context, x *edge.Exchange) (any, error) {
	im, err := parseImport(x)
	if err != nil {
		return nil, err
	}
	if err := h.bindExternalID(ctx, im); err != nil {
		return nil, err
	}
	id, err := h.submit(ctx, im.append)
	if err != nil {
		return nil, err
	}
	if err := h.finish(ctx, im, id); err != nil {
		return nil, err
	}
	return struct {
		UUID string `json:"uuid"`
	}{conversation.UUID(id)}, nil
}

// An importRequest is an import that was validated.
type importRequest struct {
	append      jobs.Append
	labels      input.Labels
	externalID  string
	fingerprint string
}

// parseImport reads the request.
func parseImport(x *edge.Exchange) (*importRequest, error) {
	query, err := input.Query(x.Request.URL)
	if err != nil {
		return nil, err
	}
	key, err := edge.IdempotencyKey(x.Request.Header)
	if err != nil {
		return nil, err
	}
	body, err := decode[importBody](x.Body)
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
	im := &importRequest{
		append:      jobs.Append{Account: x.Account.ID, Options: options, Utterances: utterances},
		labels:      body.Labels,
		externalID:  string(body.ExternalID),
		fingerprint: edge.Fingerprint(x.Request, query, x.Body),
	}
	if key != "" && im.externalID == "" {
		im.append.IdempotencyKey, im.append.Fingerprint = key, im.fingerprint
	}
	return im, nil
}

// bindExternalID binds the external id, if there is one, to the conversation that
// is to be created. It serves as an idempotency key that does not expire, so the
// Idempotency-Key is not needed beside it.
func (h *handlers) bindExternalID(ctx context.Context, im *importRequest) error {
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

// errImporting refuses an import while another one with the same external id has
// not finished.
var errImporting = &edge.Refusal{
	Status: http.StatusConflict, RetryAfter: true,
	Message: "Another import with this externalId is under way. Send the request again.",
}

// submit submits the text. If the bound id is in use, the same import was submitted
// before.
func (h *handlers) submit(ctx context.Context, text jobs.Append) (id string, err error) {
	r, err := h.Jobs.Submit(ctx, text)
	if text.NewID != "" && errors.Is(err, jobs.ErrIDTaken) {
		return text.NewID, nil
	}
	return r.ConversationID, err
}

// finish sets the labels and the external id, unless that was done before: the
// labels may have been changed since.
func (h *handlers) finish(ctx context.Context, im *importRequest, id string) error {
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
