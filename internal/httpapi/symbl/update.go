package symbl

import (
	"context"
	"fmt"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// An update is the body of PUT /v1/conversations/{id}: of the older form, which
// has everything but messages, or of the current one, which has metadata alone.
// What is missing or null stays as it is, and so does what is empty, but for the name:
// that is taken away.
type update struct {
	ID        input.ID               `json:"id"`
	Type      string                 `json:"type"`
	Name      *string                `json:"name"`
	StartTime input.Time             `json:"startTime"`
	EndTime   input.Time             `json:"endTime"`
	Members   input.List[memberBody] `json:"members"`
	Metadata  input.Labels           `json:"metadata"`
}

// update serves PUT /v1/conversations/{id}.
func (h *handlers) update(ctx context.Context, x *edge.Exchange) (any, error) {
	u, err := input.Decode[update](x.Body)
	if err != nil {
		return nil, err
	}
	change, err := u.change()
	if err != nil {
		return nil, err
	}
	t, err := conversations.Target(x)
	if err != nil {
		return nil, err
	}
	if err := h.checkIdentity(ctx, x, u, t.ID); err != nil {
		return nil, err
	}
	c, err := h.Editor.Update(ctx, t, change)
	if err != nil {
		return nil, err
	}
	x.Tag(c.Version)
	return conversations.ViewOf(c), nil
}

// checkIdentity refuses to change the id and the type of a conversation. Clients may
// send both as they read them.
func (h *handlers) checkIdentity(ctx context.Context, x *edge.Exchange, u *update, id string) error {
	if u.ID != "" {
		if given, ok := conversation.ParseID(string(u.ID)); !ok || given != id {
			return input.Invalid("id", input.BadValue("cannot be changed. Leave it out, or give the id of the path"))
		}
	}
	if u.Type == "" {
		return nil
	}
	c, err := h.Conversations.Find(ctx, x)
	if err != nil {
		return err
	}
	if u.Type != c.Type {
		return input.Invalid("type", input.BadValue(fmt.Sprintf("cannot be changed. Leave it out, or give %q", c.Type)))
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
		Start:    u.StartTime.Pointer(),
		End:      u.EndTime.Pointer(),
		Metadata: u.Metadata,
	}
	if u.Name != nil && input.Blank(*u.Name) {
		change.Name = new("") // as good as none, which is named after its id
	}
	for i := range u.Members {
		if field, err := u.Members[i].check(); err != nil {
			return edit.Change{}, input.Invalid(fmt.Sprintf("members[%d]%s", i, field), err)
		}
		change.Members = append(change.Members, u.Members[i].speaker())
	}
	return change, nil
}

func (u *update) check() error {
	if err := input.CheckLength(valueOf(u.Name), input.MaxName); err != nil {
		return input.Invalid("name", err)
	}
	if !u.StartTime.IsZero() && !u.EndTime.IsZero() && u.EndTime.Before(u.StartTime.Time) {
		return input.Invalid("endTime", input.BadValue("must not be earlier than startTime"))
	}
	return input.CheckLabels("metadata", u.Metadata)
}

// deleteConversation serves DELETE /v1/conversations/{id}.
func (h *handlers) deleteConversation(ctx context.Context, x *edge.Exchange) (any, error) {
	t, err := conversations.Target(x)
	if err != nil {
		return nil, err
	}
	if err := h.Editor.Delete(ctx, t); err != nil {
		return nil, err
	}
	return confirmation{"successfully deleted the conversation"}, nil
}
