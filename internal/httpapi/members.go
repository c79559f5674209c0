package httpapi

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
)

// personBody is somebody as callers describe a member. null is as good as
// leaving a field out.
type personBody struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Email  string `json:"email"`
	UserID string `json:"userId"` // the same as email
}

func (p *personBody) speaker() conversation.Speaker {
	return conversation.Speaker{ID: p.ID, UserID: cmp.Or(p.UserID, p.Email), Name: p.Name}
}

// check refuses what names nobody. The field begins with a dot, or is empty if
// all of it is meant.
func (p *personBody) check() (field string, err error) {
	if blank(p.ID + p.Name + p.Email + p.UserID) {
		return "", badValue(`must have an "id", a "name" or an "email"`)
	}
	for _, f := range [...]struct{ name, value string }{
		{".id", p.ID}, {".name", p.Name}, {".email", p.Email}, {".userId", p.UserID},
	} {
		if err := within(f.value, maxSpeaker); err != nil {
			return f.name, err
		}
	}
	return "", nil
}

// members serves GET /v1/conversations/{id}/members.
func (a *API) members(ctx context.Context, x *exchange) (any, error) {
	c, err := a.find(ctx, x)
	if err != nil {
		return nil, err
	}
	x.tag(c)
	return struct {
		Members []person `json:"members"`
	}{viewOf(c).Members}, nil
}

// done is the answer of a change that has nothing to show.
type done struct {
	Message string `json:"message"`
}

// updateMember serves PUT /v1/conversations/{id}/members/{memberId}.
func (a *API) updateMember(ctx context.Context, x *exchange) (any, error) {
	p, err := decode[personBody](x.body)
	if err != nil {
		return nil, err
	}
	id := strings.ToLower(x.r.PathValue("memberId")) // a UUID, if it is one
	switch field, wrong := p.check(); {
	case p.ID == "":
		return nil, invalid("id", errRequired)
	case !strings.EqualFold(p.ID, id):
		return nil, invalid("id", badValue("must be the id of the path"))
	case blank(p.Name):
		return nil, invalid("name", errRequired)
	case wrong != nil:
		return nil, invalid(strings.TrimPrefix(field, "."), wrong)
	}
	t, err := x.target()
	if err != nil {
		return nil, err
	}
	if err := a.deps.Editor.UpdateMember(ctx, t, id, p.speaker()); err != nil {
		return nil, err
	}
	return done{fmt.Sprintf("Member with id: %s for conversationId: %s updated successfully! "+
		"The update should be reflected in all messages and insights along with this conversation", id, t.ID)}, nil
}
