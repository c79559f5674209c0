package conversations

import (
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// A View is a conversation as Symbl answers it.
type View struct {
	ID        string            `json:"id"`
	Type      string            `json:"type"`
	Name      string            `json:"name"`
	StartTime string            `json:"startTime,omitempty"` // left out if there is none
	EndTime   string            `json:"endTime,omitempty"`
	Members   []Person          `json:"members"`
	Metadata  map[string]string `json:"metadata"` // {} if there is none, as members are []
}

// A Person is a member of a conversation as it is answered, or nobody: {}.
type Person struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"` // the user id, whatever its form
}

// PersonOf returns a member as it is answered.
func PersonOf(m conversation.Member) Person { return Person{ID: m.ID, Name: m.Name, Email: m.UserID} }

// ViewOf returns a conversation as Symbl answers it.
func ViewOf(c conversation.Conversation) View {
	view := View{
		ID:        c.ID,
		Type:      c.Type,
		Name:      c.Title(),
		StartTime: edge.FormatTime(c.Start),
		EndTime:   edge.FormatTime(c.End),
		Members:   make([]Person, len(c.Members)),
		Metadata:  c.Metadata,
	}
	for i, m := range c.Members {
		view.Members[i] = PersonOf(m)
	}
	return view
}

// MembersByID returns the members by all their ids: messages may have the id of a
// member that was merged into another.
func MembersByID(c conversation.Conversation) map[string]conversation.Member {
	people := make(map[string]conversation.Member, len(c.Members)+len(c.Merged))
	for _, m := range c.Members {
		people[m.ID] = m
	}
	for old, remains := range c.Merged {
		people[old] = people[remains]
	}
	return people
}
