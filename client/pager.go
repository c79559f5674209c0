package client

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// A pager reads a list part by part while the list changes: by the cursors of the
// API or, where it is another's or an offset is wanted, by offsets.
//
// A part by cursor may be shorter than was asked for, or empty, although there is
// more: the API looks at so many conversations in a request.
//
// With offsets it is this.
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

	byCursor bool   // whether to ask with a cursor, which an API may not know
	cursor   string // of the last page
}

// read returns the conversations of the next page that were not read before,
// and whether there may be more.
func (p *pager) read(ctx context.Context, size int) (fresh []Conversation, more bool, err error) {
	if p.byCursor {
		page, more, known, err := p.part(ctx, size)
		if err != nil {
			return nil, false, err
		}
		if known {
			return p.fresh(page), more, nil
		}
		p.byCursor = false
		p.next = p.start + len(page)
		return p.fresh(page), len(page) >= size, nil
	}
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
	p.next = from + len(page)
	return p.fresh(page), len(page) >= limit, nil
}

// fresh returns the conversations that were not read before, and notes them.
func (p *pager) fresh(page []Conversation) (fresh []Conversation) {
	for _, found := range page {
		if !p.seen[found.ID] {
			p.seen[found.ID] = true
			fresh = append(fresh, found)
		}
	}
	return fresh
}

// part returns the next conversations by cursor, and whether the API knows cursors.
func (p *pager) part(ctx context.Context, limit int) (page []Conversation, more, known bool, err error) {
	query := maps.Clone(p.query)
	query.Set("limit", strconv.Itoa(limit))
	query.Set("cursor", p.cursor)
	list, err := call[struct {
		Conversations []Conversation `json:"conversations"`
		Cursor        string         `json:"cursor"`
		More          bool           `json:"more"`
	}](ctx, p.client, Request{Method: http.MethodGet, Path: p.path, Query: query})
	p.cursor = list.Cursor
	return list.Conversations, list.More, list.Cursor != "", err
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
