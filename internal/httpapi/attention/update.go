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
// calls that change one thing. What is missing or null is left alone.
type resourceUpdate struct {
	Title        *string        `json:"title"`
	Labels       input.Labels   `json:"labels"`        // replace all of them
	Archived     *input.Boolean `json:"archived"`      // false undoes a DELETE
	SkipAnalysis input.Boolean  `json:"skip_analysis"` // labels are not analysed here
}

// updateResource serves PUT /v2/conversations/{id}.
func (h *handlers) updateResource(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.changeResource(ctx, x, func(*resourceUpdate) error { return nil })
}

// retitle serves PUT /v2/conversations/{id}/title.
func (h *handlers) retitle(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.changeResource(ctx, x, func(u *resourceUpdate) error {
		if u.Title == nil {
			return input.Invalid("title", input.ErrRequired)
		}
		*u = resourceUpdate{Title: u.Title}
		return nil
	})
}

// relabel serves PUT /v2/conversations/{id}/labels.
func (h *handlers) relabel(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.changeResource(ctx, x, func(u *resourceUpdate) error {
		if u.Labels == nil {
			return input.Invalid("labels", input.ErrRequired)
		}
		*u = resourceUpdate{Labels: u.Labels}
		return nil
	})
}

// changeResource makes the change that the body describes, of which narrow
// leaves what the call is about.
func (h *handlers) changeResource(ctx context.Context, x *edge.Exchange, narrow func(*resourceUpdate) error) (any, error) {
	if bytes.Equal(bytes.TrimSpace(x.Body), []byte("null")) {
		return nil, edge.Refuse(http.StatusBadRequest, "The body must be a JSON object.")
	}
	u, err := input.Decode[resourceUpdate](x.Body)
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
	return h.changed(ctx, x, change)
}

// togglePrivacy serves PUT /v2/conversations/{id}/change_privacy, which has no
// body.
func (h *handlers) togglePrivacy(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.changed(ctx, x, edit.Change{Toggle: true})
}

// archive serves DELETE /v2/conversations/{id}. Nothing is deleted: the
// conversation leaves the lists.
func (h *handlers) archive(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.changed(ctx, x, edit.Change{Archived: new(true)})
}

// linkRecords serves PUT /v2/conversations/{id}/linked-crm-records.
func (h *handlers) linkRecords(ctx context.Context, x *edge.Exchange) (any, error) {
	if _, err := h.Conversations.Find(ctx, x); err != nil {
		return nil, err
	}
	return nil, edge.Refuse(http.StatusUnprocessableEntity,
		"Conversations here are not linked to a CRM. Keep what identifies the record among the labels.")
}

func (h *handlers) changed(ctx context.Context, x *edge.Exchange, change edit.Change) (any, error) {
	t, err := conversations.TargetOf(x)
	if err != nil {
		return nil, err
	}
	c, err := h.Editor.Update(ctx, t, change)
	if err != nil {
		return nil, err
	}
	return h.whole(x, c, false)
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
	return edit.Change{Name: title, Labels: u.Labels, Archived: (*bool)(u.Archived)}, nil
}

// titleOf checks a title. A blank one is as good as none: then the
// conversation is called by its id.
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
