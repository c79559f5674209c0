package insights

import (
	"cmp"
	"context"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// An entityView has the members of both forms that the documents know.
type entityView struct {
	Type        string           `json:"type"`
	CustomType  string           `json:"customType,omitempty"`
	Value       string           `json:"value"`
	Text        string           `json:"text"` // of its first occurrence
	MessageRefs []occurrenceView `json:"messageRefs"`
	Start       *string          `json:"start"` // null unless it is a range
	End         *string          `json:"end"`
	SubType     string           `json:"subType"`
	Category    string           `json:"category"` // Custom or Managed
	Matches     []spellingView   `json:"matches"`
}

// A spellingView is one spelling of an entity.
type spellingView struct {
	DetectedValue string           `json:"detectedValue"`
	MessageRefs   []occurrenceView `json:"messageRefs"`
}

// entities serves GET /v1/conversations/{id}/entities: each entity once, in the
// order of their first occurrence, with all its occurrences.
func (h *handlers) entities(ctx context.Context, x *edge.Exchange) (any, error) {
	c, err := h.Conversations.Revalidated(ctx, x)
	if err != nil {
		return nil, err
	}
	views, err := shared(h, x, c, "entities", func(ctx context.Context) ([]entityView, int, error) {
		list := newEntityList()
		err := h.eachMessage(ctx, x, c, list.addMessage)
		return list.views, list.bytes, err
	})
	return struct {
		Entities []entityView `json:"entities"`
	}{views}, err
}

// An entityList has each entity once, with all its spellings.
type entityList struct {
	views       []entityView
	occurrences int
	bytes       int // of the views, about

	entities  map[entityKey]int // in views
	spellings map[spelling]int  // in the matches of their entity
}

type entityKey struct{ kind, custom, value, start, end string }

type spelling struct {
	entity int
	text   string
}

func newEntityList() *entityList {
	return &entityList{views: []entityView{}, entities: map[entityKey]int{}, spellings: map[spelling]int{}}
}

// addMessage adds the entities of a message. It returns false if there is no room
// for more.
func (l *entityList) addMessage(m conversation.Message) bool {
	from := sourceOf(m)
	for _, e := range m.Entities {
		if l.occurrences == maxOccurrences {
			return false
		}
		l.occurrences++
		occurrence := from.occurrence(e.Offset)
		l.bytes += 2*perOccurrence + len(occurrence.Text)
		l.add(e, occurrence)
	}
	return true
}

func (l *entityList) add(e conversation.Entity, occurrence occurrenceView) {
	key := entityKey{e.Type, e.Custom, strings.ToLower(cmp.Or(e.Value, e.Text)), e.Start, e.End}
	at, known := l.entities[key]
	if !known {
		at = len(l.views)
		l.entities[key] = at
		l.views = append(l.views, entityViewOf(e))
	}
	v := &l.views[at]
	match, known := l.spellings[spelling{at, e.Text}]
	if !known {
		match = len(v.Matches)
		l.spellings[spelling{at, e.Text}] = match
		v.Matches = append(v.Matches, spellingView{DetectedValue: e.Text})
	}
	v.MessageRefs = append(v.MessageRefs, occurrence)
	v.Matches[match].MessageRefs = append(v.Matches[match].MessageRefs, occurrence)
}

func entityViewOf(e conversation.Entity) entityView {
	v := entityView{
		Type: e.Type, CustomType: e.Custom, Value: cmp.Or(e.Value, e.Text), Text: e.Text,
		SubType: cmp.Or(e.Custom, e.Type), Category: "Managed",
	}
	if e.Type == "custom" {
		v.Category = "Custom"
	}
	if e.Start != "" {
		v.Start = &e.Start
	}
	if e.End != "" {
		v.End = &e.End
	}
	return v
}

// intents serves GET /v1/conversations/{id}/intents. Intents are not detected, so
// there are none.
func (h *handlers) intents(ctx context.Context, x *edge.Exchange) (any, error) {
	c, err := h.Conversations.Find(ctx, x)
	if err != nil {
		return nil, err
	}
	x.Tag(c.Version)
	return struct {
		Intents []struct{} `json:"intents"`
	}{}, nil
}
