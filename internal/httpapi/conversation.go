package httpapi

import (
	"context"

	"github.com/turnwise/turnwise/internal/conversation"
)

type conversationView struct {
	ID        string            `json:"id"`
	Type      string            `json:"type"`
	Name      string            `json:"name"`
	StartTime string            `json:"startTime,omitempty"` // left out if there is none
	EndTime   string            `json:"endTime,omitempty"`
	Members   []person          `json:"members"`
	Metadata  map[string]string `json:"metadata"` // {} if there is none, as members are []
}

// A person is a member of a conversation as it is answered, or nobody: {}.
type person struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"` // the user id, whatever its form
}

func personOf(m conversation.Member) person { return person{ID: m.ID, Name: m.Name, Email: m.UserID} }

// conversation serves GET /v1/conversations/{id}.
func (a *API) conversation(ctx context.Context, x *exchange) (any, error) {
	c, err := a.find(ctx, x)
	if err != nil {
		return nil, err
	}
	x.tag(c)
	return viewOf(c), nil
}

func viewOf(c conversation.Conversation) conversationView {
	view := conversationView{
		ID:        c.ID,
		Type:      c.Type,
		Name:      c.Title(),
		StartTime: wireTime(c.Start),
		EndTime:   wireTime(c.End),
		Members:   make([]person, len(c.Members)),
		Metadata:  c.Metadata,
	}
	for i, m := range c.Members {
		view.Members[i] = personOf(m)
	}
	return view
}

// conversationID returns the id of the conversation that the path names, in
// either form, or false if it can name none.
func (x *exchange) conversationID() (id string, ok bool) {
	return conversation.ParseID(x.r.PathValue("id"))
}

// find returns the conversation that the path names.
func (a *API) find(ctx context.Context, x *exchange) (conversation.Conversation, error) {
	id, ok := x.conversationID()
	if !ok {
		return conversation.Conversation{}, errNoConversation
	}
	return a.deps.Conversations.Conversation(ctx, x.account.ID, id)
}
