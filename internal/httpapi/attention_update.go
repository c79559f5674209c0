package httpapi

import (
	"bytes"
	"context"
	"net/http"

	"github.com/turnwise/turnwise/internal/conversation/edit"
)

// A resourceUpdate is the body of PUT /v2/conversations/{id} and of those
// calls that change one thing. What is missing or null is left alone.
type resourceUpdate struct {
	Title        *string  `json:"title"`
	Labels       labels   `json:"labels"`        // replace all of them
	Archived     *boolean `json:"archived"`      // false undoes a DELETE
	SkipAnalysis boolean  `json:"skip_analysis"` // labels are not analysed here
}

// updateResource serves PUT /v2/conversations/{id}.
func (a *API) updateResource(ctx context.Context, x *exchange) (any, error) {
	return a.changeResource(ctx, x, func(*resourceUpdate) error { return nil })
}

// retitle serves PUT /v2/conversations/{id}/title.
func (a *API) retitle(ctx context.Context, x *exchange) (any, error) {
	return a.changeResource(ctx, x, func(u *resourceUpdate) error {
		if u.Title == nil {
			return invalid("title", errRequired)
		}
		*u = resourceUpdate{Title: u.Title}
		return nil
	})
}

// relabel serves PUT /v2/conversations/{id}/labels.
func (a *API) relabel(ctx context.Context, x *exchange) (any, error) {
	return a.changeResource(ctx, x, func(u *resourceUpdate) error {
		if u.Labels == nil {
			return invalid("labels", errRequired)
		}
		*u = resourceUpdate{Labels: u.Labels}
		return nil
	})
}

// changeResource makes the change that the body describes, of which narrow
// leaves what the call is about.
func (a *API) changeResource(ctx context.Context, x *exchange, narrow func(*resourceUpdate) error) (any, error) {
	if bytes.Equal(bytes.TrimSpace(x.body), []byte("null")) {
		return nil, refuse(http.StatusBadRequest, "The body must be a JSON object.")
	}
	u, err := decode[resourceUpdate](x.body)
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
	return a.changed(ctx, x, change)
}

// togglePrivacy serves PUT /v2/conversations/{id}/change_privacy, which has no
// body.
func (a *API) togglePrivacy(ctx context.Context, x *exchange) (any, error) {
	return a.changed(ctx, x, edit.Change{Toggle: true})
}

// archive serves DELETE /v2/conversations/{id}. Nothing is deleted: the
// conversation leaves the lists.
func (a *API) archive(ctx context.Context, x *exchange) (any, error) {
	return a.changed(ctx, x, edit.Change{Archived: new(true)})
}

// linkRecords serves PUT /v2/conversations/{id}/linked-crm-records.
func (a *API) linkRecords(ctx context.Context, x *exchange) (any, error) {
	if _, err := a.find(ctx, x); err != nil {
		return nil, err
	}
	return nil, refuse(http.StatusUnprocessableEntity,
		"Conversations here are not linked to a CRM. Keep what identifies the record among the labels.")
}

func (a *API) changed(ctx context.Context, x *exchange, change edit.Change) (any, error) {
	t, err := x.target()
	if err != nil {
		return nil, err
	}
	c, err := a.deps.Editor.Update(ctx, t, change)
	if err != nil {
		return nil, err
	}
	return a.whole(x, c, false)
}

// change checks the update and returns it in the terms of package edit.
func (u *resourceUpdate) change() (edit.Change, error) {
	title, err := titleOf(u.Title)
	if err != nil {
		return edit.Change{}, err
	}
	if err := checkLabels("labels", u.Labels); err != nil {
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
	case blank(*title):
		return new(""), nil
	}
	if err := within(*title, maxName); err != nil {
		return nil, invalid("title", err)
	}
	return title, nil
}
