package insights

import (
	"cmp"
	"context"
	"iter"
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

// findings shows the insights of a conversation, with the members that they refer to.
type findings struct {
	members       map[string]conversation.Member // by every id of theirs
	membersByName map[string]conversation.Member // by what they are called, in lower case
	strict        bool                           // types are those of clients that were generated
}

// findings answers the insights of the given types, in the order in which they were
// found.
func (h *handlers) findings(ctx context.Context, x *edge.Exchange, list string, types ...string) (any, error) {
	return h.listed(ctx, x, insightList{name: list, types: types})
}

// An insightList is a list of insights in an answer.
type insightList struct {
	name   string
	types  []string // that it has
	quotes bool     // it has the messages themselves
}

// A told is an insight as a list has it.
type told struct {
	view  insightView
	there bool // it is of a type that the list has
}

// listed answers a list of insights. Many are read while they are written, and the
// messages that they are about beside them.
func (h *handlers) listed(ctx context.Context, x *edge.Exchange, list insightList) (any, error) {
	part, err := conversations.PartOf(x.Request.URL, list.name)
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
	f := findings{conversations.MembersByID(c), membersByName(c), x.Account.StrictTypes}
	answer := conversations.Stream[told, insightView]{Part: part, View: func(t told) (insightView, bool) { return t.view, t.there }}
	if known.complete {
		held := heldMessages{found: known}
		if list.quotes {
			held.texts, err = shared(h, x, c, "texts of action items", func(ctx context.Context) (map[string]string, int, error) {
				return h.textsOfActionItems(ctx, x, c)
			})
		}
		answer.Items = edge.InTurns(x, f.told(list, held, known.from(part.From)))
		return answer, err
	}
	beside := follow(x.Reading, h.Conversations.Store, x.Account.ID, c.ID, part.Along)
	answer.Along = func() int { return beside.reached }
	answer.Items = edge.InTurns(x, f.told(list, beside, h.Conversations.Store.EachInsight(x.Reading(), x.Account.ID, c.ID, part.From)))
	return answer, nil
}

// told yields insights as a list has them. It closes the messages at the end.
func (f findings) told(list insightList, of messages, all iter.Seq2[analysis.Insight, error]) iter.Seq2[told, error] {
	return func(yield func(told, error) bool) {
		defer of.close()
		for in, err := range all {
			var t told
			if t.there = err == nil && slices.Contains(list.types, in.Type); t.there {
				t.view, err = f.view(in, of, list.quotes)
			}
			if !yield(t, err) || err != nil {
				return
			}
		}
	}
}

func (f findings) view(in analysis.Insight, of messages, quotes bool) (v insightView, err error) {
	var from conversation.Member // who said the first of its messages
	if len(in.MessageIDs) > 0 {
		by, err := of.speaker(in.MessageIDs[0])
		if err != nil {
			return v, err
		}
		from = f.members[by]
	}
	v = insightView{
		ID: in.ID, Text: in.Text, Type: in.Type, Score: in.Score,
		MessageIDs: slices.Concat([]string{}, in.MessageIDs), // [] rather than null
		From:       speakerOf(from),
	}
	if in.Type != question {
		v.Task = f.task(in, v.From)
	}
	if f.strict {
		v.restrict()
	}
	if quotes {
		v.Task.MessageRefs = make([]messageRef, len(v.MessageIDs))
		for n, id := range v.MessageIDs {
			text, err := of.text(id)
			if err != nil {
				return v, err
			}
			v.Task.MessageRefs[n] = messageRef{ID: id, Text: text}
		}
	}
	return v, nil
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

func (f findings) task(in analysis.Insight, from speaker) *task {
	t := &task{
		Phrases:    conversations.PhrasesOf(in.Phrases),
		Entities:   make([]insightEntity, len(in.Entities)),
		Definitive: in.Definitive,
		Assignee:   f.assignee(in, from),
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
func (f findings) assignee(in analysis.Insight, from speaker) conversations.Person {
	if in.Own {
		return conversations.Person{ID: from.ID, Name: from.Name, Email: from.UserID}
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
	return h.listed(ctx, x, insightList{name: "actionItems", types: []string{actionItem}, quotes: true})
}
