package client

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// A pager reads a list by offsets while it changes.
//
// What is added before the place that was read to moves the rest back: those
// come again, and are known by their ids. What is deleted there moves the rest
// forward, and a page behind it would leave some out. Hence a page begins with
// the last conversation of the one before it. If that one has been seen, none
// can be missing between the two; if not, the pager goes back until it finds
// one that has.
type pager struct {
	client *Client
	path   []string
	query  url.Values // but for limit and offset
	first  int        // the offset to begin at
	at     int        // the offset behind what was read
	seen   map[string]bool
}

// next returns the conversations of the next page that have not been seen,
// and whether there may be more of them.
func (p *pager) next(ctx context.Context, size int) (fresh []Conversation, more bool, err error) {
	from, limit := p.at, size
	if p.at > p.first {
		from, limit = p.at-1, size+1
	}
	page, err := p.read(ctx, from, limit)
	for err == nil && from > p.first && (len(page) == 0 || !p.seen[page[0].ID]) {
		from = max(p.first, from-size)
		page, err = p.read(ctx, from, limit)
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
	p.at = from + len(page)
	return fresh, len(page) >= limit, nil
}

func (p *pager) read(ctx context.Context, offset, limit int) ([]Conversation, error) {
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
