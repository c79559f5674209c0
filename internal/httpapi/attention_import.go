package httpapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
)

// importText serves POST /v2/conversations/import: a transcript becomes a
// conversation, by a job as any text does.
//
// It takes several steps, of which each may be repeated, so an import that
// broke off is completed by sending it again. The external id, if there is
// one, is bound first, to the id that the conversation will have; the labels
// come last, when it exists.
func (a *API) importText(ctx context.Context, x *exchange) (any, error) {
	im, err := x.parseImport()
	if err != nil {
		return nil, err
	}
	if err := a.reserve(ctx, im); err != nil {
		return nil, err
	}
	id, err := a.begin(ctx, im.append)
	if err != nil {
		return nil, err
	}
	if err := a.complete(ctx, im, id); err != nil {
		return nil, err
	}
	return struct {
		UUID string `json:"uuid"`
	}{conversation.UUID(id)}, nil
}

// An importing is an import that passed validation.
type importing struct {
	append      jobs.Append
	labels      labels
	externalID  string
	fingerprint string
}

// parseImport reads the request.
func (x *exchange) parseImport() (*importing, error) {
	query, err := queryOf(x.r.URL)
	if err != nil {
		return nil, err
	}
	key, err := idempotencyKey(x.r.Header)
	if err != nil {
		return nil, err
	}
	body, err := decode[importBody](x.body)
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
		append:      jobs.Append{Account: x.account.ID, Options: options, Utterances: utterances},
		labels:      body.Labels,
		externalID:  body.ExternalID,
		fingerprint: fingerprint(x.r, query, x.body),
	}
	if key != "" && im.externalID == "" {
		im.append.IdempotencyKey, im.append.Fingerprint = key, im.fingerprint
	}
	return im, nil
}

// reserve binds the external id, if there is one, to the conversation that is
// to be made. It serves as an idempotency key that is never forgotten, so
// another one beside it is not needed.
func (a *API) reserve(ctx context.Context, im *importing) error {
	if im.externalID == "" {
		return nil
	}
	id, err := a.deps.ExternalIDs.BindExternalID(ctx, im.append.Account, im.externalID, im.fingerprint)
	if errors.Is(err, edit.ErrContended) {
		err = errImporting
	}
	im.append.NewID = id
	return err
}

// errImporting refuses an import that gets in the way of one that is not
// through yet.
var errImporting = &refusal{http.StatusConflict, "Another import with this externalId is under way. Send the request again.", true}

// begin submits the text. That the reserved id is in use means that the same
// import was here before.
func (a *API) begin(ctx context.Context, text jobs.Append) (id string, err error) {
	r, err := a.deps.Jobs.Submit(ctx, text)
	if text.NewID != "" && errors.Is(err, jobs.ErrIDTaken) {
		return text.NewID, nil
	}
	return r.ConversationID, err
}

// complete notes the labels and the external id, unless that was done before:
// the labels may have been changed since.
func (a *API) complete(ctx context.Context, im *importing, id string) error {
	if im.externalID == "" && len(im.labels) == 0 {
		return nil
	}
	c, err := a.deps.Conversations.Conversation(ctx, im.append.Account, id)
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
	_, err = a.deps.Editor.Update(ctx, edit.Target{Account: im.append.Account, ID: id}, change)
	return err
}
