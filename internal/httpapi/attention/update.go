package attention

import (
	"bytes"
	"context"
	"net/http"

	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// A resourceUpdate is the body of PUT /v2/conversations/{id} and of those
// calls that change one thing. What is missing or null stays as it is.
type resourceUpdate struct {
	Title        *string       `json:"title"`
	Labels       input.Labels  `json:"labels"`        // replace all of them
	Archived     input.Switch  `json:"archived"`      // false undoes a DELETE
	SkipAnalysis input.Boolean `json:"skip_analysis"` // labels are not analysed here
}

// updateResource serves PUT /v2/conversations/{id}.
func (h *handlers) updateResource(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.applyUpdate(ctx, x, func(*resourceUpdate) error { return nil })
}

// updateTitle serves PUT /v2/conversations/{id}/title.
func (h *handlers) updateTitle(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.applyUpdate(ctx, x, func(u *resourceUpdate) error {
		if u.Title == nil {
			return input.Invalid("title", input.ErrRequired)
		}
		*u = resourceUpdate{Title: u.Title}
		return nil
	})
}

// updateLabels serves PUT /v2/conversations/{id}/labels.
func (h *handlers) updateLabels(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.applyUpdate(ctx, x, func(u *resourceUpdate) error {
		if u.Labels == nil {
			return input.Invalid("labels", input.ErrRequired)
		}
		*u = resourceUpdate{Labels: u.Labels}
		return nil
	})
}

// applyUpdate makes the change that the body describes. narrow removes the parts
// that the call does not change.
func (h *handlers) applyUpdate(ctx context.Context, x *edge.Exchange, narrow func(*resourceUpdate) error) (any, error) {
	if bytes.Equal(bytes.TrimSpace(x.Body), []byte("null")) {
		return nil, edge.Refuse(http.StatusBadRequest, "The body must be a JSON object.")
	}
	u, err := decode[resourceUpdate](x.Body)
	if err != nil {
		return nil, err
	}
	if err := narrow(u); err != nil {
		return nil, err
	}
	change, err := u.change()
	if err != nil {
		return nil, err
	}
	return h.update(ctx, x, change)
}

// togglePrivacy serves PUT /v2/conversations/{id}/change_privacy, which has no
// body.
func (h *handlers) togglePrivacy(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.update(ctx, x, edit.Change{Toggle: true})
}

// archive serves DELETE /v2/conversations/{id}. Nothing is deleted: the conversation
// is left out of lists.
func (h *handlers) archive(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.update(ctx, x, edit.Change{Archived: new(true)})
}

// linkRecords serves PUT /v2/conversations/{id}/linked-crm-records.
func (h *handlers) linkRecords(ctx context.Context, x *edge.Exchange) (any, error) {
	if _, err := h.Conversations.Find(ctx, x); err != nil {
		return nil, err
	}
	return nil, edge.Refuse(http.StatusUnprocessableEntity,
		"Conversations here are not linked to a CRM. Keep what identifies the record among the labels.")
}

func (h *handlers) update(ctx context.Context, x *edge.Exchange, change edit.Change) (any, error) {
	t, err := conversations.Target(x)
	if err != nil {
		return nil, err
	}
	c, err := h.Editor.Update(ctx, t, change)
	if err != nil {
		return nil, err
	}
	return h.answer(x, c, false)
}

// change checks the update and returns it in the terms of package edit.
func (u *resourceUpdate) change() (edit.Change, error) {
	title, err := titleOf(u.Title)
	if err != nil {
		return edit.Change{}, err
	}
	if err := input.CheckLabels("labels", u.Labels); err != nil {
		return edit.Change{}, err
	}
	return edit.Change{Name: title, Labels: u.Labels, Archived: u.Archived.Value}, nil
}

// titleOf checks a title. A blank one counts as none: then the title is the id of
// the conversation.
func titleOf(title *string) (*string, error) {
	switch {
	case title == nil:
		return nil, nil
	case input.Blank(*title):
		return new(""), nil
	}
	if err := input.CheckLength(*title, input.MaxName); err != nil {
		return nil, input.Invalid("title", err)
	}
	return title, nil
}
