package httpapi

import (
	"context"
	"fmt"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
)

// An update is the body of PUT /v1/conversations/{id}: of the older form, which
// has everything but messages, or of the current one, which has metadata alone.
// What is missing or null is left alone.
type update struct {
	ID        *string          `json:"id"`
	Type      *string          `json:"type"`
	Name      *string          `json:"name"`
	StartTime moment           `json:"startTime"`
	EndTime   moment           `json:"endTime"`
	Members   list[personBody] `json:"members"`
	Metadata  labels           `json:"metadata"`
}

// update serves PUT /v1/conversations/{id}.
func (a *API) update(ctx context.Context, x *exchange) (any, error) {
	u, err := decode[update](x.body)
	if err != nil {
		return nil, err
	}
	change, err := u.change()
	if err != nil {
		return nil, err
	}
	t, err := x.target()
	if err != nil {
		return nil, err
	}
	if err := a.same(ctx, x, u, t.ID); err != nil {
		return nil, err
	}
	c, err := a.deps.Editor.Update(ctx, t, change)
	if err != nil {
		return nil, err
	}
	x.tag(c)
	return viewOf(c), nil
}

// same refuses to change the id and the type of a conversation. Clients send
// them as they read them, which is no mistake.
func (a *API) same(ctx context.Context, x *exchange, u *update, id string) error {
	if u.ID != nil {
		if given, ok := conversation.ParseID(*u.ID); !ok || given != id {
			return invalid("id", badValue("cannot be changed. Leave it out, or give the id of the path"))
		}
	}
	if u.Type == nil {
		return nil
	}
	c, err := a.find(ctx, x)
	if err != nil {
		return err
	}
	if *u.Type != c.Type {
		return invalid("type", badValue(fmt.Sprintf("cannot be changed. Leave it out, or give %q", c.Type)))
	}
	return nil
}

// change checks the update and returns it in the terms of package edit.
func (u *update) change() (edit.Change, error) {
	if err := u.check(); err != nil {
		return edit.Change{}, err
	}
	change := edit.Change{
		Name:     u.Name,
		Start:    u.StartTime.given(),
		End:      u.EndTime.given(),
		Metadata: u.Metadata,
	}
	if u.Name != nil && blank(*u.Name) {
		change.Name = new("") // as good as none, which is named after its id
	}
	for i := range u.Members {
		if field, err := u.Members[i].check(); err != nil {
			return edit.Change{}, invalid(fmt.Sprintf("members[%d]%s", i, field), err)
		}
		change.Members = append(change.Members, u.Members[i].speaker())
	}
	return change, nil
}

func (u *update) check() error {
	if err := within(value(u.Name), maxName); err != nil {
		return invalid("name", err)
	}
	if !u.StartTime.IsZero() && !u.EndTime.IsZero() && u.EndTime.Before(u.StartTime.Time) {
		return invalid("endTime", badValue("must not be earlier than startTime"))
	}
	return checkLabels("metadata", u.Metadata)
}

// given returns the time, nil if there is none.
func (m moment) given() *time.Time {
	if m.IsZero() {
		return nil
	}
	return &m.Time
}

// remove serves DELETE /v1/conversations/{id}.
func (a *API) remove(ctx context.Context, x *exchange) (any, error) {
	t, err := x.target()
	if err != nil {
		return nil, err
	}
	if err := a.deps.Editor.Delete(ctx, t); err != nil {
		return nil, err
	}
	return done{"successfully deleted the conversation"}, nil
}
