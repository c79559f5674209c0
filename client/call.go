package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// get reads what is under path into an A.
func get[A any](ctx context.Context, c *Client, query url.Values, path ...string) (A, error) {
	return call[A](ctx, c, Request{Method: http.MethodGet, Path: path, Query: query})
}

// set sends body to path, which is safe to repeat, and reads the answer.
func set[A any](ctx context.Context, c *Client, method string, body any, path ...string) (A, error) {
	return send[A](ctx, c, Request{Method: method, Path: path, Repeatable: true}, body)
}

// create posts body to path, which must not be repeated, and reads the answer.
func create[A any](ctx context.Context, c *Client, body any, path ...string) (A, error) {
	return send[A](ctx, c, Request{Method: http.MethodPost, Path: path}, body)
}

// remove deletes what is under path.
func remove(ctx context.Context, c *Client, path ...string) error {
	_, err := c.Do(ctx, Request{Method: http.MethodDelete, Path: path, Repeatable: true})
	return err
}

// send encodes body into r and reads the answer.
func send[A any](ctx context.Context, c *Client, r Request, body any) (A, error) {
	var err error
	if r.Body, err = json.Marshal(body); err != nil {
		var none A
		return none, fmt.Errorf("encode the body of %s: %w", r, err)
	}
	return call[A](ctx, c, r)
}

// call sends r and reads the answer.
func call[A any](ctx context.Context, c *Client, r Request) (A, error) {
	var a A
	answer, err := c.Do(ctx, r)
	if err != nil {
		return a, err
	}
	return a, answer.decode(r, &a)
}

// decode reads the answer to r into v.
func (a *Response) decode(r Request, v any) error {
	if err := json.Unmarshal(a.Body, v); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrNotAPI, r, err)
	}
	return nil
}

// flags returns the query parameters that are set to true.
func flags(on map[string]bool) url.Values {
	query := url.Values{}
	for name, isOn := range on {
		if isOn {
			query.Set(name, "true")
		}
	}
	return query
}
