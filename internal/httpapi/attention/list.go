package attention

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
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
	Data  []resource `json:"data"`
	Links listLinks  `json:"links"`
	Meta  listMeta   `json:"meta"`
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
	found, err := h.find(x, l)
	if errors.Is(err, query.ErrTooBroad) {
		return nil, edge.Refuse(http.StatusBadRequest, "Too many conversations would have to be looked at. Narrow the window with fromDateTime and toDateTime.")
	}
	if err != nil {
		return nil, err
	}
	answer := resourceList{
		Data: make([]resource, len(found.Conversations)),
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
	transcripts, err := h.transcripts(x, l, found.Conversations)
	if err != nil {
		return nil, err
	}
	for i, c := range found.Conversations {
		answer.Data[i] = resourceOf(c, transcripts[i], x.Account.ImportStatus)
		if !l.intelligence {
			answer.Data[i].Attributes.Extracted, answer.Data[i].Attributes.Confirmed = nil, nil
		}
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

// transcripts returns those of the conversations if they are asked for, else
// empty ones. A page of conversations that are too long together is refused. A
// single conversation is not, since a read by its id returns the same.
func (h *handlers) transcripts(x *edge.Exchange, l *listRequest, of []conversation.Conversation) ([]any, error) {
	all, lines := make([]any, len(of)), 0
	for i, c := range of {
		all[i] = ""
		lines += c.Messages
	}
	if !l.transcripts {
		return all, nil
	}
	if lines > maxPageLines && len(of) > 1 {
		return nil, edge.Refuse(http.StatusBadRequest,
			`The transcripts of this page have %d messages, and at most %d are answered at once: ask for a smaller "size", or read each conversation by its id.`,
			lines, maxPageLines)
	}
	for i, c := range of {
		said, err := h.Conversations.Messages(x, c)
		if err != nil {
			return nil, err
		}
		all[i] = transcriptOf(c, said, l.detailed)
	}
	return all, nil
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
