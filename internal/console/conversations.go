package console

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/jobs"
)

func (c *Console) conversationRoutes() []route {
	return []route{
		page("/conversations", c.conversations),
		action("/conversations", "begin conversation", c.begin),
		page("/conversations/{id}", c.conversation),
		page("/conversations/{id}/live", c.conversationLive),
		page("/conversations/{id}/side", c.conversationSide),
		action("/conversations/{id}/messages", "append", c.appendText),
	}
}

// pageSize is how many rows a page of a list has.
const pageSize = 50

// A conversationRow is a conversation in a list.
type conversationRow struct {
	conversation.Conversation

	Status string
	People []string
}

// rowsOf returns the rows of a page. Of the members no more than the names are kept.
func (c *Console) rowsOf(ctx context.Context, account string, page query.Page) (rows []conversationRow, err error) {
	for conv, err := range c.Conversations.WithMembers(ctx, account, page.Conversations) {
		if err != nil {
			return nil, err
		}
		row := conversationRow{Conversation: conv, Status: query.StatusOf(conv)}
		for _, m := range conv.Members {
			row.People = append(row.People, nameOf(m))
		}
		row.Members = nil
		rows = append(rows, row)
	}
	return rows, nil
}

// nameOf returns what a member is called.
func nameOf(m conversation.Member) string {
	for _, name := range [...]string{m.Name, m.UserID, m.Ref} {
		if name != "" {
			return name
		}
	}
	return "unnamed"
}

// newest is the order of lists.
func newest() []query.Key { return []query.Key{{Field: query.Start, Desc: true}} }

// recent returns the conversations of the overview.
func (c *Console) recent(ctx context.Context, account string) ([]conversationRow, error) {
	found, err := c.Conversations.List(ctx, account, query.Query{Sort: newest(), Limit: 5, Parts: true})
	if err != nil {
		return nil, err
	}
	return c.rowsOf(ctx, account, found)
}

// conversationsView is what the list shows.
type conversationsView struct {
	Search  search
	Rows    []conversationRow
	Next    string // address of the next page; empty after the last
	Sample  string // key of a form, see [appendForm]
	Mistake string
	Draft   draft
}

// A search is what a list of conversations is asked for.
type search struct{ Text, Email, Status, From, To string }

func searchOf(q url.Values) search {
	return search{Text: strings.TrimSpace(q.Get("q")), Email: strings.TrimSpace(q.Get("email")), Status: q.Get("status"), From: q.Get("from"), To: q.Get("to")}
}

// query returns what to ask the store for.
func (s search) query() (query.Query, error) {
	q := query.Query{Sort: newest(), Limit: pageSize, Parts: true}
	equal := func(field query.Field, op query.Op, value string) {
		if value != "" {
			q.Filter = append(q.Filter, query.Condition{Field: field, Op: op, Values: []string{value}})
		}
	}
	equal(query.Name, query.Contains, s.Text)
	equal(query.Email, query.Equal, s.Email)
	switch s.Status {
	case "", query.Pending, query.Failed, query.Completed:
		equal(query.Status, query.Equal, s.Status)
	default:
		return q, refuse(http.StatusBadRequest, "The status must be pending, completed or failed.")
	}
	for _, day := range [...]struct {
		text string
		into *time.Time
		plus time.Duration
	}{{s.From, &q.From, 0}, {s.To, &q.To, 24*time.Hour - time.Millisecond}} {
		if day.text == "" {
			continue
		}
		at, err := time.Parse(time.DateOnly, day.text)
		if err != nil {
			return q, refuse(http.StatusBadRequest, "A day must be written as in 2026-11-29.")
		}
		*day.into = at.Add(day.plus)
	}
	return q, nil
}

// conversations shows the list. Whoever searches for the id of a conversation is led to
// it.
func (c *Console) conversations(x *exchange) error {
	params := x.r.URL.Query()
	s := searchOf(params)
	if id, ok := conversation.ParseID(s.Text); ok && len(s.Text) >= 15 {
		if _, err := c.Conversations.Conversation(x.r.Context(), x.account.ID, id); err == nil {
			return x.see("", "conversations", id)
		}
	}
	return c.listConversations(x, s, params.Get("cursor"), http.StatusOK, "", draft{})
}

func (c *Console) listConversations(x *exchange, s search, cursor string, status int, mistake string, d draft) error {
	q, err := s.query()
	if err != nil {
		return err
	}
	q.Cursor = cursor
	found, err := c.Conversations.List(x.r.Context(), x.account.ID, q)
	if err != nil {
		return err
	}
	rows, err := c.rowsOf(x.r.Context(), x.account.ID, found)
	if err != nil {
		return err
	}
	v := conversationsView{Search: s, Rows: rows, Sample: newCode(), Mistake: mistake, Draft: d}
	if found.More {
		v.Next = x.path("conversations") + "?" + url.Values{
			"q": {s.Text}, "email": {s.Email}, "status": {s.Status}, "from": {s.From}, "to": {s.To}, "cursor": {found.Cursor},
		}.Encode()
	}
	return c.write(x, status, "conversations", "Conversations", v)
}

// find returns the conversation that the path names.
func (c *Console) find(ctx context.Context, x *exchange) (conversation.Conversation, error) {
	id, ok := conversation.ParseID(x.r.PathValue("id"))
	if !ok {
		return conversation.Conversation{}, jobs.ErrUnknownConversation
	}
	return c.Conversations.Conversation(ctx, x.account.ID, id)
}

// messagesOf returns messages from one on, up to the count of a conversation, with the
// insights that refer to them.
func (c *Console) messagesOf(ctx context.Context, account string, conv conversation.Conversation, from int, insights []analysis.Insight) ([]messageView, error) {
	byMessage := map[string][]analysis.Insight{}
	for _, in := range insights {
		if len(in.MessageIDs) > 0 {
			byMessage[in.MessageIDs[0]] = append(byMessage[in.MessageIDs[0]], in)
		}
	}
	var all []messageView
	at := from
	for m, err := range c.Conversations.EachMessage(ctx, account, conv.ID, from) {
		if err != nil {
			return nil, err
		}
		if at >= conv.Messages {
			break // of a later job than what is known of the conversation
		}
		at++
		all = append(all, viewMessage(conv, m, byMessage[m.ID]))
	}
	return all, nil
}

// insightsOf returns the insights of a conversation from one on.
func (c *Console) insightsOf(ctx context.Context, account, id string, from int) ([]analysis.Insight, error) {
	var all []analysis.Insight
	for in, err := range c.Conversations.EachInsight(ctx, account, id, from) {
		if err != nil {
			return nil, err
		}
		all = append(all, in)
	}
	return all, nil
}
