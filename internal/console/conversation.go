package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/console/live"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/jobs"
)

// shownMessages is how many messages a page has at most.
const shownMessages = 200

// conversationView is what the page of a conversation shows.
type conversationView struct {
	sideView

	From     int // of the messages that are shown
	To       int
	Messages []messageView
	Earlier  string // address of the page before; empty at the beginning
	Latest   string // address of the latest messages; empty if they are shown
	Follow   string // address of what comes; empty unless the latest are shown
	Form     appendForm
}

// Side returns what stands beside the messages.
func (v conversationView) Side() sideView { return v.sideView }

// sideView is what is said of a conversation beside its messages.
type sideView struct {
	conversation.Conversation

	Status   string
	People   []personView
	Insights []insightView
	Topics   []digest.Topic
	Summary  []digest.Line
	More     int // insights that are not shown
}

type personView struct {
	conversation.Member

	Name string
	Tone int
}

type insightView struct {
	badge

	Text    string
	Message string // that it stands in
}

// conversation shows a conversation, at its end unless another place is asked for.
func (c *Console) conversation(x *exchange) error {
	return c.showConversation(x, http.StatusOK, appendForm{Key: newCode()})
}

func (c *Console) showConversation(x *exchange, status int, form appendForm) error {
	ctx := x.r.Context()
	conv, err := c.find(ctx, x)
	if err != nil {
		return err
	}
	latest := max(conv.Messages-shownMessages, 0)
	from, err := strconv.Atoi(x.r.URL.Query().Get("from"))
	if err != nil || from < 0 || from >= latest {
		from = latest
	}
	insights, err := c.insightsOf(ctx, x.account.ID, conv.ID, 0)
	if err != nil {
		return err
	}
	shown := conv
	shown.Messages = min(conv.Messages, from+shownMessages)
	v := conversationView{From: from, Form: form}
	if v.Messages, err = c.messagesOf(ctx, x.account.ID, shown, from, insights); err != nil {
		return err
	}
	if v.sideView, err = c.side(ctx, x.account.ID, conv, insights); err != nil {
		return err
	}
	v.To = from + len(v.Messages)
	here := x.path("conversations", conv.ID)
	if from > 0 {
		v.Earlier = fmt.Sprintf("%s?from=%d", here, max(from-shownMessages, 0))
	}
	if from == latest {
		v.Follow = fmt.Sprintf("%s/live?after=%d.%d", here, v.To, len(insights))
	} else {
		v.Latest = here
	}
	v.Form.Conversation = conv.ID
	return c.write(x, status, "conversation", conv.Title(), v)
}

// shownInsights is how many insights stand beside a conversation.
const shownInsights = 100

// side returns what is said beside the messages.
func (c *Console) side(ctx context.Context, account string, conv conversation.Conversation, insights []analysis.Insight) (sideView, error) {
	v := sideView{Conversation: conv, Status: query.StatusOf(conv)}
	for i, m := range conv.Members {
		v.People = append(v.People, personView{m, nameOf(m), i % tones})
	}
	if v.More = max(len(insights)-shownInsights, 0); v.More > 0 {
		insights = insights[v.More:]
	}
	for _, in := range insights {
		shown := insightView{badge: badgeOf(conv, conversation.Message{}, in), Text: in.Text}
		if len(in.MessageIDs) > 0 {
			shown.Message = in.MessageIDs[0]
		}
		v.Insights = append(v.Insights, shown)
	}
	topics, err := c.Digests.Topics(ctx, account, conv, nil)
	if err != nil {
		return v, err
	}
	v.Topics = topics.All[:min(len(topics.All), 12)]
	if conv.Pending > 0 {
		return v, nil // the summary would be another in a moment
	}
	summary, err := c.Digests.Summary(ctx, account, conv)
	v.Summary = summary.Lines
	return v, err
}

// conversationSide serves what stands beside the messages, as it is now.
func (c *Console) conversationSide(x *exchange) error {
	ctx := x.r.Context()
	conv, err := c.find(ctx, x)
	if err != nil {
		return err
	}
	insights, err := c.insightsOf(ctx, x.account.ID, conv.ID, 0)
	if err != nil {
		return err
	}
	v, err := c.side(ctx, x.account.ID, conv, insights)
	if err != nil {
		return err
	}
	html, err := c.fragment(x.account.ID, "conversation", "side", v)
	if err != nil {
		return err
	}
	x.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = x.w.Write(html) // or the browser has gone
	return nil
}

// A position is how much of a conversation a browser has: messages and insights.
type position struct{ messages, insights int }

func (p position) String() string { return fmt.Sprintf("%d.%d", p.messages, p.insights) }

func parsePosition(text string) (p position, ok bool) {
	m, i, found := strings.Cut(text, ".")
	var err1, err2 error
	p.messages, err1 = strconv.Atoi(m)
	p.insights, err2 = strconv.Atoi(i)
	return p, found && err1 == nil && err2 == nil && p.messages >= 0 && p.insights >= 0
}

// conversationLive streams the messages that come after those that the browser has. It
// says from where by the id of the last event, or at first by its address.
func (c *Console) conversationLive(x *exchange) error {
	conv, err := c.find(x.r.Context(), x)
	if err != nil {
		return err
	}
	at, ok := parsePosition(x.r.Header.Get("Last-Event-ID"))
	if !ok {
		at, ok = parsePosition(x.r.URL.Query().Get("after"))
	}
	if !ok {
		at.messages = conv.Messages
	}
	account, id := x.account.ID, conv.ID
	read := func(ctx context.Context) (live.State, error) {
		conv, err := c.Conversations.Conversation(ctx, account, id)
		if errors.Is(err, jobs.ErrUnknownConversation) {
			return live.State{}, errors.Join(err, live.ErrEnd)
		}
		return live.State{Version: conv.Version, Data: conv}, err
	}
	seen := conv.Version
	return c.watch(x, "conversation "+id, read, func(s live.State) ([]event, error) {
		now, _ := s.Data.(conversation.Conversation)
		var events []event
		if now.Messages > at.messages {
			added, err := c.additions(x.r.Context(), account, now, at)
			if err != nil {
				return nil, err
			}
			at = added.to
			events = append(events, event{id: at.String(), data: added.html})
		}
		if now.Version != seen {
			events, seen = append(events, event{name: "changed"}), now.Version
		}
		return events, nil
	})
}

// An addition is what a browser does not have yet of a conversation.
type addition struct {
	html []byte
	to   position
}

// additions returns what comes after a position. Of browsers that ask for the same at
// the same time, one has it read.
func (c *Console) additions(ctx context.Context, account string, conv conversation.Conversation, at position) (addition, error) {
	name := strings.Join([]string{account, conv.ID, conv.Version, at.String()}, " ")
	made, err, _ := c.once.Do(name, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bound) // of whoever came first, for all
		defer cancel()
		insights, err := c.insightsOf(ctx, account, conv.ID, at.insights)
		if err != nil {
			return nil, err
		}
		from := max(at.messages, conv.Messages-5*shownMessages)
		messages, err := c.messagesOf(ctx, account, conv, from, insights)
		if err != nil {
			return nil, err
		}
		html, err := c.fragment(account, "conversation", "messages", messages)
		return addition{html, position{from + len(messages), at.insights + len(insights)}}, err
	})
	if err != nil {
		return addition{}, err
	}
	return made.(addition), nil
}
