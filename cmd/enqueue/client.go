package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/cenkalti/backoff/v4"
)

const (
	attemptTimeout = 30 * time.Second // of one request, answer included
	answerLimit    = 256 << 20        // bytes of an answer, which is held in memory
)

// client speaks the HTTP API.
type client struct {
	target
	where string // the API, in words
	http  *http.Client
	retry time.Duration
	warn  func(format string, args ...any)
}

func (a *app) newClient(t target, where string, transport http.RoundTripper) *client {
	return &client{
		target: t,
		where:  where,
		http: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		retry: a.global.retry,
		warn:  a.warn,
	}
}

// request is one call of the API. A write carries an idempotency key, so
// every request may be repeated.
type request struct {
	method string
	path   []string // unescaped segments
	body   []byte
	key    string
}

// get reads what is under path into v.
func (c *client) get(ctx context.Context, v any, path ...string) error {
	answer, err := c.do(ctx, request{method: http.MethodGet, path: path})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, v); err != nil {
		return fmt.Errorf("read the answer to GET /%s: %w", strings.Join(path, "/"), err)
	}
	return nil
}

// do sends r until it is answered for good or the time for retries is spent,
// and returns the answer, a JSON document.
func (c *client) do(ctx context.Context, r request) (json.RawMessage, error) {
	delays := backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(100*time.Millisecond),
		backoff.WithMaxInterval(3*time.Second),
		backoff.WithMaxElapsedTime(0), // the bound is ours, because Retry-After counts too
	)
	started, warned := time.Now(), false
	for {
		answer, err := c.once(ctx, r)
		if err == nil || ctx.Err() != nil || !again(err, r.key != "") {
			return answer, err
		}
		delay := max(delays.NextBackOff(), retryAfter(err))
		if time.Since(started)+delay > c.retry {
			return nil, err
		}
		if !warned {
			c.warn("%v; trying again for %s", err, c.retry)
			warned = true
		}
		if err := pause(ctx, delay); err != nil {
			return nil, err
		}
	}
}

// once sends r one time.
func (c *client) once(ctx context.Context, r request) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	req, err := c.newRequest(ctx, r)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // the rest of it repeats what where says
		}
		return nil, &unreachableError{c.where, err}
	}
	defer resp.Body.Close() //nolint:errcheck // nothing is lost with an answer that has been read
	answer, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit+1))
	if err != nil {
		return nil, &unreachableError{c.where, fmt.Errorf("read the answer: %w", err)}
	}
	return checkAnswer(resp, answer)
}

func (c *client) newRequest(ctx context.Context, r request) (*http.Request, error) {
	if strings.ContainsFunc(c.token+r.key, unicode.IsControl) {
		return nil, usagef("the token or the idempotency key has a control character in it, perhaps a line break")
	}
	segments := []string{strings.TrimRight(c.api.String(), "/")}
	for _, segment := range r.path {
		segments = append(segments, url.PathEscape(segment)) // not JoinPath, which would follow ".."
	}
	address := strings.Join(segments, "/")
	req, err := http.NewRequestWithContext(ctx, r.method, address, bytes.NewReader(r.body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("User-Agent", "turnwise-enqueue")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.key != "" {
		req.Header.Set("Idempotency-Key", r.key)
	}
	return req, nil
}

// checkAnswer tells success from failure. What succeeds without being JSON
// does not come from the API.
func checkAnswer(resp *http.Response, answer []byte) (json.RawMessage, error) {
	if resp.StatusCode/100 != 2 {
		return nil, &apiError{
			Status:     resp.StatusCode,
			Message:    messageOf(resp.StatusCode, answer),
			RetryAfter: parseRetryAfter(resp.Header.Get("Retry-After"), time.Now()),
		}
	}
	if len(answer) > answerLimit {
		return nil, fmt.Errorf("the answer is larger than %d MiB", answerLimit>>20)
	}
	if !json.Valid(answer) {
		return nil, fmt.Errorf("the answer (%s) is not JSON; is --api the address of Turnwise?", resp.Status)
	}
	return answer, nil
}

func messageOf(status int, answer []byte) string {
	var body struct {
		Message string `json:"message"`
	}
	_ = json.Unmarshal(answer, &body) // a proxy's error page has no message
	return cmp.Or(body.Message, http.StatusText(status), "no message")
}

// parseRetryAfter returns the wait that the header asks for, in seconds or as
// a date, and 0 if it asks for none.
func parseRetryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

func retryAfter(err error) time.Duration {
	if answer, ok := errors.AsType[*apiError](err); ok {
		return answer.RetryAfter
	}
	return 0
}

// again reports whether the same request may fare better in a while. With an
// idempotency key, 409 says that its first try is still being accepted.
func again(err error, keyed bool) bool {
	if _, ok := errors.AsType[*unreachableError](err); ok {
		return true
	}
	answer, ok := errors.AsType[*apiError](err)
	if !ok {
		return false
	}
	switch answer.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return keyed && answer.Status == http.StatusConflict
	}
}

// pause waits, or returns the cause of the context's end.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
