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
	Type        string               `json:"type"`
	CustomType  string               `json:"customType,omitempty"`
	Value       string               `json:"value"`
	Text        string               `json:"text"` // of its first occurrence
	MessageRefs list[occurrenceView] `json:"messageRefs"`
	Start       *string              `json:"start"` // null unless it is a range
	End         *string              `json:"end"`
	SubType     string               `json:"subType"`
	Category    string               `json:"category"` // Custom or Managed
	Matches     list[spellingView]   `json:"matches"`
}

// A spellingView is one spelling of an entity.
type spellingView struct {
	DetectedValue string               `json:"detectedValue"`
	MessageRefs   list[occurrenceView] `json:"messageRefs"`
}

// entities serves GET /v1/conversations/{id}/entities: each entity once, in the
// order of their first occurrence, with all its occurrences.
func (h *handlers) entities(ctx context.Context, x *edge.Exchange) (any, error) {
	c, err := h.Conversations.Revalidated(ctx, x)
	if err != nil {
		return nil, err
	}
	found, err := shared(h, x, c, "entities", func(ctx context.Context) (*foundEntities, int, error) {
		f := newFoundEntities()
		err := h.eachMessage(ctx, x, c, f.addMessage)
		return f, f.end(), err
	})
	if err != nil {
		return nil, err
	}
	if found.list == nil {
		return entityStream{x, c, h.Conversations.Store, found.marks}, nil
	}
	return struct {
		Entities []entityView `json:"entities"`
	}{found.list.views}, nil
}

// An entityList has each entity once, with all its spellings.
type entityList struct {
	views []entityView
	bytes int // of the views, about

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

// add adds an occurrence of an entity.
func (l *entityList) add(e conversation.Entity, occurrence occurrenceView) {
	key := keyOf(e)
	at, known := l.entities[key]
	if !known {
		at = len(l.views)
		l.entities[key] = at
		l.views = append(l.views, entityViewOf(e))
	}
	v := &l.views[at]
	match, known := l.spellings[spelling{at, e.Text}]
	if !known {
		match = len(v.Matches.all)
		l.spellings[spelling{at, e.Text}] = match
		v.Matches.all = append(v.Matches.all, spellingView{DetectedValue: e.Text})
	}
	v.MessageRefs.all = append(v.MessageRefs.all, occurrence)
	refs := &v.Matches.all[match].MessageRefs
	refs.all = append(refs.all, occurrence)
	l.bytes += weight(occurrence)
}

func keyOf(e conversation.Entity) entityKey {
	return entityKey{e.Type, e.Custom, strings.ToLower(cmp.Or(e.Value, e.Text)), e.Start, e.End}
}

// weight is the size of an occurrence in the answer, in bytes, about: it stands there
// twice.
func weight(o occurrenceView) int { return 2*perOccurrence + len(o.Text) }

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
