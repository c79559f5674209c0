package httpapi

import (
	"cmp"
	"context"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
)

// An entityView has the members of both forms that the documents know.
type entityView struct {
	Type        string           `json:"type"`
	CustomType  string           `json:"customType,omitempty"`
	Value       string           `json:"value"`
	Text        string           `json:"text"`
	MessageRefs []placeView      `json:"messageRefs"`
	Start       *string          `json:"start"` // null unless it is a range
	End         *string          `json:"end"`
	SubType     string           `json:"subType"`
	Category    string           `json:"category"` // Custom or Managed
	Matches     []detectionsView `json:"matches"`
}

type detectionsView struct {
	DetectedValue string      `json:"detectedValue"`
	MessageRefs   []placeView `json:"messageRefs"`
}

// A placeView is a place in a message.
type placeView struct {
	ID        string `json:"id"`
	Text      string `json:"text"`
	Offset    int    `json:"offset"` // in characters; −1 for no place of its own
	StartTime string `json:"startTime,omitempty"`
	EndTime   string `json:"endTime,omitempty"`
}

func placeOf(m conversation.Message, offset int) placeView {
	return placeView{ID: m.ID, Text: m.Text, Offset: offset, StartTime: wireTime(m.Start), EndTime: wireTime(m.End)}
}

// entities serves GET /v1/conversations/{id}/entities: each entity once, in
// the order in which they came up, with all places where it did.
func (a *API) entities(ctx context.Context, x *exchange) (any, error) {
	c, stored, err := a.read(ctx, x)
	if err != nil {
		return nil, err
	}
	x.tag(c)
	return struct {
		Entities []entityView `json:"entities"`
	}{entityViews(stored)}, nil
}

func entityViews(messages []conversation.Message) []entityView {
	type key struct{ kind, custom, value, start, end string }
	views, places := []entityView{}, map[key]int{}
	for _, m := range messages {
		for _, e := range m.Entities {
			k := key{e.Type, e.Custom, strings.ToLower(cmp.Or(e.Value, e.Text)), e.Start, e.End}
			at, known := places[k]
			if !known {
				at = len(views)
				places[k] = at
				views = append(views, entityViewOf(e))
			}
			v, place := &views[at], placeOf(m, e.Offset)
			v.MessageRefs = append(v.MessageRefs, place)
			v.Matches[0].MessageRefs = v.MessageRefs
		}
	}
	return views
}

func entityViewOf(e conversation.Entity) entityView {
	v := entityView{
		Type: e.Type, CustomType: e.Custom, Value: cmp.Or(e.Value, e.Text), Text: e.Text,
		SubType: cmp.Or(e.Custom, e.Type), Category: "Managed",
		Matches: []detectionsView{{DetectedValue: e.Text}},
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

// intents serves GET /v1/conversations/{id}/intents. Nothing looks for them.
func (a *API) intents(ctx context.Context, x *exchange) (any, error) {
	c, err := a.find(ctx, x)
	if err != nil {
		return nil, err
	}
	x.tag(c)
	return struct {
		Intents []struct{} `json:"intents"`
	}{}, nil
}
