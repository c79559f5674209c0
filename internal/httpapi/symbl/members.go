package symbl

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// memberBody is a member as callers write it. null and "" count as missing fields.
type memberBody struct {
	ID     input.ID `json:"id"`
	Name   string   `json:"name"`
	Email  string   `json:"email"`
	UserID input.ID `json:"userId"` // the same as email
}

func (p *memberBody) speaker() conversation.Speaker {
	return conversation.Speaker{ID: string(p.ID), UserID: cmp.Or(string(p.UserID), p.Email), Name: p.Name}
}

// check returns what is wrong with a field, or that the member has no name of any
// kind. The field begins with a dot; it is empty for the member as a whole.
func (p *memberBody) check() (field string, err error) {
	if input.Blank(string(p.ID) + p.Name + p.Email + string(p.UserID)) {
		return "", input.BadValue(`must have an "id", a "name" or an "email"`)
	}
	for _, f := range [...]struct{ name, value string }{
		{".id", string(p.ID)}, {".name", p.Name}, {".email", p.Email}, {".userId", string(p.UserID)},
	} {
		if err := input.CheckLength(f.value, input.MaxSpeaker); err != nil {
			return f.name, err
		}
	}
	return "", nil
}

// members serves GET /v1/conversations/{id}/members.
func (h *handlers) members(ctx context.Context, x *edge.Exchange) (any, error) {
	c, err := h.Conversations.Find(ctx, x)
	if err != nil {
		return nil, err
	}
	x.Tag(c.Version)
	return struct {
		Members []conversations.Person `json:"members"`
	}{conversations.ViewOf(c).Members}, nil
}

// confirmation is the answer of a change that returns no object.
type confirmation struct {
	Message string `json:"message"`
}

// updateMember serves PUT /v1/conversations/{id}/members/{memberId}.
func (h *handlers) updateMember(ctx context.Context, x *edge.Exchange) (any, error) {
	p, err := input.Decode[memberBody](x.Body)
	if err != nil {
		return nil, err
	}
	id := strings.ToLower(x.Request.PathValue("memberId")) // a UUID, if it is one
	switch field, wrong := p.check(); {
	case p.ID == "":
		return nil, input.Invalid("id", input.ErrRequired)
	case !strings.EqualFold(string(p.ID), id):
		return nil, input.Invalid("id", input.BadValue("must be the id of the path"))
	case input.Blank(p.Name):
		return nil, input.Invalid("name", input.ErrRequired)
	case wrong != nil:
		return nil, input.Invalid(strings.TrimPrefix(field, "."), wrong)
	}
	t, err := conversations.Target(x)
	if err != nil {
		return nil, err
	}
	if err := h.Editor.UpdateMember(ctx, t, id, p.speaker()); err != nil {
		return nil, err
	}
	return confirmation{fmt.Sprintf("Member with id: %s for conversationId: %s updated successfully! "+
		"The update should be reflected in all messages and insights along with this conversation", id, t.ID)}, nil
}
