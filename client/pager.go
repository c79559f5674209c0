package client

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// A pager reads a list by offsets while the list changes.
//
// A conversation created before the current offset moves the following ones
// back. The next page repeats some of them, and they are recognised by their
// ids. A conversation deleted there moves the following ones forward, and the
// next page would skip some. Hence each page begins with the last conversation
// of the page before it. If that one was read before, none is missing between
// the two pages. If not, the pager goes back until it finds one that was.
type pager struct {
	client *Client
	path   []string
	query  url.Values // without limit and offset
	start  int        // the offset of the first page
	next   int        // the offset behind the last page
	seen   map[string]bool
}

// read returns the conversations of the next page that were not read before,
// and whether there may be more.
func (p *pager) read(ctx context.Context, size int) (fresh []Conversation, more bool, err error) {
	from, limit := p.next, size
	if p.next > p.start {
		from, limit = p.next-1, size+1
	}
	page, err := p.page(ctx, from, limit)
	for err == nil && from > p.start && (len(page) == 0 || !p.seen[page[0].ID]) {
		from = max(p.start, from-size)
		page, err = p.page(ctx, from, limit)
	}
	if err != nil {
		return nil, false, err
	}
	for _, found := range page {
		if !p.seen[found.ID] {
			p.seen[found.ID] = true
			fresh = append(fresh, found)
		}
	}
	p.next = from + len(page)
	return fresh, len(page) >= limit, nil
}

// page returns the conversations at an offset.
func (p *pager) page(ctx context.Context, offset, limit int) ([]Conversation, error) {
	query := maps.Clone(p.query)
	query.Set("limit", strconv.Itoa(limit))
	if offset != 0 {
		query.Set("offset", strconv.Itoa(offset))
	}
	list, err := call[struct {
		Conversations []Conversation `json:"conversations"`
	}](ctx, p.client, Request{Method: http.MethodGet, Path: p.path, Query: query})
	return list.Conversations, err
}
