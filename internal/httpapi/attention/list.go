package attention

import (
	"context"
	"errors"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// Pages of the v2 API. That of /list is documented, the other is what existing
// clients request.
const (
	defaultPageSize = 20
	maxPageSize     = 100
	maxListSize     = 50
	maxPageNumber   = 1_000_000
	maxPageLines    = 10_000 // messages that transcripts of one page are made of
)

// resourceList is a page of conversations.
type resourceList struct {
	Data  conversations.ItemList[resource] `json:"data"`
	Links listLinks                        `json:"links"`
	Meta  listMeta                         `json:"meta"`
}

type listLinks struct {
	Self    string `json:"self"`
	Related string `json:"related,omitempty"` // the next page, if there is one
}

type listMeta struct {
	TotalRecords int `json:"totalRecords"`
	PageCount    int `json:"pageCount"`
	PageNumber   int `json:"pageNumber"`
	PageSize     int `json:"pageSize"`
}

// resources serves GET /v2/conversations and /v2/conversations/list: the
// conversations that are not archived, the newest first.
func (h *handlers) resources(_ context.Context, x *edge.Exchange) (any, error) {
	l, err := parseList(x)
	if err != nil {
		return nil, err
	}
	if err := x.Admit(edge.Reading); err != nil {
		return nil, err
	}
	found, err := h.find(x, l)
	if errors.Is(err, query.ErrTooBroad) {
		return nil, edge.Refuse(http.StatusBadRequest, "Too many conversations would have to be looked at. Narrow the window with fromDateTime and toDateTime.")
	}
	if err != nil {
		return nil, err
	}
	if err := l.admitTranscripts(x, found.Conversations); err != nil {
		return nil, err
	}
	answer := resourceList{
		Data: conversations.Items(edge.InTurns(x, h.read(x, l, found.Conversations)), func(r readConversation) resource { return l.resource(x, r) }),
		Meta: listMeta{
			TotalRecords: found.Total,
			PageCount:    (found.Total + l.size - 1) / l.size,
			PageNumber:   l.page,
			PageSize:     l.size,
		},
	}
	answer.Links.Self = l.link(l.page)
	if l.page < answer.Meta.PageCount {
		answer.Links.Related = l.link(l.page + 1)
	}
	return answer, nil
}

// find returns the conversations of the page. Filters by a status are part of the
// query as long as few conversations have to be looked at for it. Beyond that they
// take conversations out of the page of a list that is not filtered by them: the page
// is shorter, and none is missing or on two pages.
func (h *handlers) find(x *edge.Exchange, l *listRequest) (query.Page, error) {
	q := l.query()
	if len(l.statuses) == 0 {
		return h.Conversations.Store.List(x.Long(), x.Account.ID, q)
	}
	plain := q.Filter
	q.Filter = slices.Concat(plain, l.statuses)
	found, err := h.Conversations.Store.List(x.Long(), x.Account.ID, q)
	if !errors.Is(err, query.ErrTooBroad) {
		return found, err
	}
	q.Filter = plain
	found, err = h.Conversations.Store.List(x.Long(), x.Account.ID, q)
	found.Conversations = slices.DeleteFunc(found.Conversations, func(c conversation.Conversation) bool { return !l.statuses.Match(c) })
	return found, err
}

// admitTranscripts takes the memory for the transcripts, if they are asked for. A page of
// conversations that are too long together is refused. A single conversation is not, since
// a read by its id returns the same.
func (l *listRequest) admitTranscripts(x *edge.Exchange, of []conversation.Conversation) error {
	if !l.transcripts {
		return nil
	}
	lines := 0
	for _, c := range of {
		lines += c.Messages
	}
	if lines > maxPageLines && len(of) > 1 {
		return edge.Refuse(http.StatusBadRequest,
			`The transcripts of this page have %d messages, and at most %d are answered at once: ask for a smaller "size", or read each conversation by its id.`,
			lines, maxPageLines)
	}
	return conversations.AdmitMessages(x, lines)
}

// A readConversation is a conversation with its members, and its messages if a transcript
// is asked for.
type readConversation struct {
	conversation.Conversation

	said []conversation.Message
}

// read yields the conversations of a page, which are read while the answer is sent.
func (h *handlers) read(x *edge.Exchange, l *listRequest, page []conversation.Conversation) iter.Seq2[readConversation, error] {
	from := h.Conversations.Store
	return func(yield func(readConversation, error) bool) {
		for c, err := range from.WithMembers(x.Reading(), x.Account.ID, page) {
			r := readConversation{Conversation: c}
			if err == nil && l.transcripts {
				r.said, err = all(from.EachMessage(x.Reading(), x.Account.ID, c.ID, 0))
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// all returns what is read, or the first error.
func all[T any](read iter.Seq2[T, error]) (found []T, err error) {
	for item, err := range read {
		if err != nil {
			return nil, err
		}
		found = append(found, item)
	}
	return found, nil
}

// resource returns an item of the list.
func (l *listRequest) resource(x *edge.Exchange, r readConversation) resource {
	var transcript any = ""
	if l.transcripts {
		transcript = transcriptOf(r.Conversation, r.said, l.detailed)
	}
	answer := resourceOf(r.Conversation, transcript, x.Account.ImportStatus)
	if !l.intelligence {
		answer.Attributes.Extracted, answer.Attributes.Confirmed = nil, nil
	}
	return answer
}

// link returns the address of another page of the same list.
func (l *listRequest) link(page int) string {
	params := url.Values{}
	maps.Copy(params, l.params)
	params.Del("page[number]")
	params.Set("page", strconv.Itoa(page))
	return l.path + "?" + params.Encode()
}

// splitValues returns all values of a parameter, which may be repeated or joined by
// commas.
func splitValues(values []string) []string {
	var all []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}
