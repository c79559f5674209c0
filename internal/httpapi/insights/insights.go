package insights

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// The types of insights.
const (
	question   = "question"
	actionItem = "action_item"
	followUp   = "follow_up"
)

type insightView struct {
	ID         string   `json:"id"`
	Text       string   `json:"text"`
	Type       string   `json:"type"`
	Score      float64  `json:"score"`
	MessageIDs []string `json:"messageIds"`
	From       speaker  `json:"from"`
	Task       *task    `json:",embed"` // of action items and follow-ups alone
}

// A speaker is a member in insights and analytics, or nobody: {}. Its user id has
// another name than in a [conversations.Person].
type speaker struct {
	ID     string `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`
	UserID string `json:"userId,omitempty"`
}

func speakerOf(m conversation.Member) speaker {
	return speaker{ID: m.ID, Name: m.Name, UserID: m.UserID}
}

// A task is what action items and follow-ups have in addition to all insights. Its
// members are never left out, since clients loop over them.
type task struct {
	Entities    []insightEntity        `json:"entities"`
	Phrases     []conversations.Phrase `json:"phrases"`
	Definitive  bool                   `json:"definitive"`
	Assignee    conversations.Person   `json:"assignee"`
	DueBy       string                 `json:"dueBy,omitempty"`
	MessageRefs []messageRef           `json:"messageRefs,omitzero"` // in the comprehensive answer
}

// An insightEntity is something that an insight names. Ranges have a start, an
// end or both in place of a value.
type insightEntity struct {
	Type   string `json:"type"`
	Text   string `json:"text"`
	Offset int    `json:"offset"`
	Value  any    `json:"value,omitempty"` // a string; of persons, an object
	Start  string `json:"start,omitempty"`
	End    string `json:"end,omitempty"`
}

// A personValue is whom an insight names.
type personValue struct {
	speaker

	Assignee bool `json:"assignee,omitzero"`
}

// A messageRef is a message that an insight comes from.
type messageRef struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// findings shows the insights of a conversation, with the messages and members that
// they refer to.
type findings struct {
	*found

	conversation  conversation.Conversation
	members       map[string]conversation.Member // by every id of theirs
	membersByName map[string]conversation.Member // by what they are called, in lower case
	strict        bool                           // types are those of clients that were generated
}

// findings answers the insights of the given types, in the order in which they were
// found.
func (h *handlers) findings(ctx context.Context, x *edge.Exchange, list string, types ...string) (any, error) {
	return h.listed(ctx, x, list, func(f findings) (viewer, error) {
		return func(in analysis.Insight) (insightView, bool) {
			if !slices.Contains(types, in.Type) {
				return insightView{}, false
			}
			return f.view(in), true
		}, nil
	})
}

// A viewer makes the view of an insight, unless it is of another type.
type viewer func(analysis.Insight) (insightView, bool)

// listed answers a list of insights.
func (h *handlers) listed(ctx context.Context, x *edge.Exchange, list string, viewerOf func(findings) (viewer, error)) (any, error) {
	part, err := conversations.PartOf(x.Request.URL, list)
	if err != nil {
		return nil, err
	}
	c, err := h.Conversations.Revalidated(ctx, x)
	if err != nil {
		return nil, err
	}
	known, err := shared(h, x, c, "insights", func(ctx context.Context) (*found, int, error) { return h.find(ctx, x, c) })
	if err != nil {
		return nil, err
	}
	view, err := viewerOf(findings{known, c, conversations.MembersByID(c), membersByName(c), x.Account.StrictTypes})
	if err != nil {
		return nil, err
	}
	items := h.Conversations.Store.EachInsight(x.Reading(), x.Account.ID, c.ID, part.From)
	if known.complete {
		items = known.from(part.From)
	}
	return conversations.Stream[analysis.Insight, insightView]{
		Part:  part,
		Items: edge.InTurns(x, items),
		View:  view,
	}, nil
}

func (f findings) view(in analysis.Insight) insightView {
	v := insightView{
		ID: in.ID, Text: in.Text, Type: in.Type, Score: in.Score,
		MessageIDs: slices.Concat([]string{}, in.MessageIDs), // [] rather than null
		From:       f.speakerOf(in),
	}
	if in.Type != question {
		v.Task = f.task(in)
	}
	if f.strict {
		v.restrict()
	}
	return v
}

// restrict gives the view the types that Symbl's Go SDK decodes: its phrases are
// strings, and the scores of its follow-ups whole numbers.
func (v *insightView) restrict() {
	if v.Task != nil {
		v.Task.Phrases = []conversations.Phrase{}
	}
	if v.Type == followUp {
		v.Score = math.Round(v.Score)
	}
}

func (f findings) task(in analysis.Insight) *task {
	t := &task{
		Phrases:    conversations.PhrasesOf(in.Phrases),
		Entities:   make([]insightEntity, len(in.Entities)),
		Definitive: in.Definitive,
		Assignee:   f.assignee(in),
		DueBy:      edge.FormatTime(in.DueBy),
	}
	for i, e := range in.Entities {
		t.Entities[i] = insightEntity{Type: e.Type, Text: e.Text, Offset: e.Offset, Start: e.Start, End: e.End}
		switch {
		case e.Type == "person":
			who := personValue{speaker: speakerOf(f.memberNamed(e.Text)), Assignee: strings.EqualFold(in.Assignee, e.Text)}
			who.Name = cmp.Or(who.Name, e.Text)
			t.Entities[i].Value = who
		case e.Value != "":
			t.Entities[i].Value = e.Value
		}
	}
	return t
}

// assignee returns who is to do it: the speaker, or the person who was named, who
// may be a member.
func (f findings) assignee(in analysis.Insight) conversations.Person {
	if in.Own {
		who := f.speakerOf(in)
		return conversations.Person{ID: who.ID, Name: who.Name, Email: who.UserID}
	}
	if in.Assignee == "" {
		return conversations.Person{}
	}
	p := conversations.PersonOf(f.memberNamed(in.Assignee))
	p.Name = cmp.Or(p.Name, in.Assignee)
	return p
}

// membersByName returns the members by their names, and by those first names that
// are not the whole name of a member. A name that several members have stands for
// nobody.
func membersByName(c conversation.Conversation) map[string]conversation.Member {
	whole, first := map[string]conversation.Member{}, map[string]conversation.Member{}
	note := func(names map[string]conversation.Member, name string, m conversation.Member) {
		if _, taken := names[name]; taken {
			m = conversation.Member{}
		}
		names[name] = m
	}
	for _, m := range c.Members {
		words := strings.Fields(strings.ToLower(m.Name))
		if len(words) == 0 {
			continue
		}
		note(whole, strings.Join(words, " "), m)
		if len(words) > 1 {
			note(first, words[0], m)
		}
	}
	maps.Copy(first, whole)
	return first
}

// memberNamed returns the member of that name, the zero one if nobody has it.
func (f findings) memberNamed(name string) conversation.Member {
	return f.membersByName[strings.Join(strings.Fields(strings.ToLower(name)), " ")]
}

// speakerOf returns who said the first of an insight's messages.
func (f findings) speakerOf(in analysis.Insight) speaker {
	if len(in.MessageIDs) == 0 {
		return speaker{}
	}
	return speakerOf(f.members[f.speakers[in.MessageIDs[0]]])
}

// insights serves GET /v1/conversations/{id}/insights.
func (h *handlers) insights(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.findings(ctx, x, "insights", question, actionItem, followUp)
}

// questions serves GET /v1/conversations/{id}/questions.
func (h *handlers) questions(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.findings(ctx, x, "questions", question)
}

// actionItems serves GET /v1/conversations/{id}/action-items.
func (h *handlers) actionItems(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.findings(ctx, x, "actionItems", actionItem)
}

// followUps serves GET /v1/conversations/{id}/follow-ups.
func (h *handlers) followUps(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.findings(ctx, x, "followUps", followUp)
}

// comprehensiveActionItems serves GET
// /v1/conversations/{id}/comprehensive/action-items, which has the messages
// themselves.
func (h *handlers) comprehensiveActionItems(ctx context.Context, x *edge.Exchange) (any, error) {
	return h.listed(ctx, x, "actionItems", func(f findings) (viewer, error) {
		texts, err := shared(h, x, f.conversation, "texts of action items", func(ctx context.Context) (map[string]string, int, error) {
			return h.textsOfActionItems(ctx, x, f.conversation)
		})
		return func(in analysis.Insight) (insightView, bool) {
			if in.Type != actionItem {
				return insightView{}, false
			}
			v := f.view(in)
			v.Task.MessageRefs = make([]messageRef, len(v.MessageIDs))
			for n, id := range v.MessageIDs {
				v.Task.MessageRefs[n] = messageRef{ID: id, Text: texts[id]}
			}
			return v, true
		}, err
	})
}
