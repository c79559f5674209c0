package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A Request is one call of the API, for [Client.Do].
type Request struct {
	Method string
	Path   []string // its segments, not escaped: "v1", "job", id
	Query  url.Values
	Body   []byte // JSON, or nil for none

	// IdempotencyKey makes an append take effect once, however often it is
	// sent. The API ignores it on other requests.
	IdempotencyKey string
	// IfMatch is an ETag. The API answers 412 ([ErrChanged]) if the resource
	// has another one.
	IfMatch string
	// Repeatable says that sending the request twice has the effect of sending
	// it once. GET, HEAD and requests with an IdempotencyKey are always
	// repeatable.
	Repeatable bool
}

// A Response is an answer with a status of 200 to 299.
type Response struct {
	StatusCode int
	Header     http.Header
	Body       json.RawMessage // valid JSON, or empty if the answer was
}

// Do sends r, repeats it as the package comment says, and returns the answer if
// it is a success. All other methods use it. It is exported for requests that
// none of them sends.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	token, renewed := c.token, false
	retries := newRetries(c.opts)
	for {
		if c.apps != nil {
			var err error
			if token, err = c.apps.current(ctx); err != nil {
				return nil, fmt.Errorf("get a token for the app: %w", err)
			}
		}
		answer, err := c.try(ctx, r, token)
		if err == nil {
			return answer, nil
		}
		if c.apps != nil && !renewed && errors.Is(err, ErrUnauthorized) {
			renewed = true // it may have been revoked; a refused request has no effect
			c.apps.drop(token)
			continue
		}
		if !r.mayRepeat(err) {
			return nil, err
		}
		if err := retries.wait(ctx, err); err != nil {
			return nil, err
		}
	}
}

// try sends r once.
func (c *Client) try(ctx context.Context, r Request, token string) (*Response, error) {
	limited, cancel := context.WithTimeout(ctx, c.opts.AttemptTimeout)
	defer cancel()
	req, err := c.newRequest(limited, r, token)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, noAnswer(ctx, r, err)
	}
	defer resp.Body.Close() //nolint:errcheck // the body has been read
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.opts.MaxAnswer+1))
	if err != nil {
		return nil, noAnswer(ctx, r, fmt.Errorf("read it: %w", err))
	}
	switch {
	case resp.StatusCode/100 != 2:
		return nil, errorOf(resp, body)
	case int64(len(body)) > c.opts.MaxAnswer:
		return nil, fmt.Errorf("the answer to %s is larger than %d bytes", r, c.opts.MaxAnswer)
	case len(body) > 0 && !json.Valid(body):
		return nil, fmt.Errorf("%w: %s (%s)", ErrNotAPI, r, resp.Status)
	}
	return &Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// noAnswer returns the error of a request without an answer. If the context has
// ended, it is the error of the context.
func noAnswer(ctx context.Context, r Request, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", r, ctx.Err())
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // url.Error would repeat the address
	}
	return &ConnectionError{err}
}

func (c *Client) newRequest(ctx context.Context, r Request, token string) (*http.Request, error) {
	address := c.base + r.target()
	if query := c.query(r); len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, address, bytes.NewReader(r.Body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	set := func(name, value string) {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	set("User-Agent", c.opts.UserAgent)
	set("Idempotency-Key", r.IdempotencyKey)
	set("If-Match", r.IfMatch)
	if token != "" {
		set("Authorization", "Bearer "+token)
	}
	if r.Body != nil {
		set("Content-Type", "application/json")
	}
	return req, nil
}

// query returns the parameters of r, with the account if there is one.
func (c *Client) query(r Request) url.Values {
	if c.opts.Account == "" {
		return r.Query
	}
	query := url.Values{"account": {c.opts.Account}}
	maps.Copy(query, r.Query)
	return query
}

// target returns the path. Its segments are escaped, so that no id can name
// another path.
func (r Request) target() string {
	var path strings.Builder
	for _, segment := range r.Path {
		path.WriteByte('/')
		path.WriteString(url.PathEscape(segment))
	}
	return path.String()
}

// String names the request in errors.
func (r Request) String() string { return r.Method + " " + r.target() }

// check refuses requests that can only be a mistake.
func (r Request) check() error {
	if slices.ContainsFunc(r.Path, func(s string) bool { return s == "" || s == "." || s == ".." }) {
		return fmt.Errorf("%s: the id is empty or only dots", r)
	}
	if hasControl(r.IdempotencyKey) || hasControl(r.IfMatch) {
		return fmt.Errorf("%s: a header has a control character in it, perhaps a line break", r)
	}
	return nil
}
