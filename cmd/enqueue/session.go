package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
)

// session is what a command works with: the API, and where results go.
type session struct {
	api *client.Client
	out output
}

// calls makes a command of do, which talks to the API.
func (a *app) calls(do func(ctx context.Context, s *session, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		s, err := a.connect(cmd.Context())
		if err != nil {
			return err
		}
		return do(cmd.Context(), s, args)
	}
}

// open returns a session with the API of t.
func (a *app) open(t target, where string, transport http.RoundTripper) (*session, error) {
	a.where = where
	retryFor := a.global.retry
	if retryFor == 0 {
		retryFor = -1 // once
	}
	api, err := client.New(t.api.String(), t.token, client.Options{
		RetryFor:  retryFor,
		Transport: transport,
		UserAgent: "turnwise-enqueue",
		OnRetry:   a.warnOfRetry,
	})
	if err != nil {
		return nil, &usageError{err}
	}
	return &session{api: api, out: a.output()}, nil
}

// warnOfRetry tells people why it takes longer, once per request.
func (a *app) warnOfRetry(r client.Retry) {
	if r.Failed == 1 {
		a.warn("%v; trying again for %s", a.explain(r.Err), a.global.retry)
	}
}

// explain turns an error of the client into one that speaks of flags and has
// an exit code.
func (a *app) explain(err error) error {
	if answer, ok := errors.AsType[*client.Error](err); ok {
		return &apiError{Status: answer.StatusCode, Message: answer.Message}
	}
	if lost, ok := errors.AsType[*client.ConnectionError](err); ok {
		return &unreachableError{a.where, lost.Err}
	}
	if errors.Is(err, client.ErrNotAPI) {
		return fmt.Errorf("%w; is --api the address of Turnwise?", err)
	}
	return err
}

// read returns the document under path.
func (s *session) read(ctx context.Context, query url.Values, path ...string) (json.RawMessage, error) {
	return s.do(ctx, client.Request{Method: http.MethodGet, Path: path, Query: query})
}

// do sends r and returns the API's document.
func (s *session) do(ctx context.Context, r client.Request) (json.RawMessage, error) {
	answer, err := s.api.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}

// get reads what is under path into v.
func (s *session) get(ctx context.Context, v any, path ...string) error {
	document, err := s.read(ctx, nil, path...)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(document, v); err != nil {
		return fmt.Errorf("read the answer to GET /%s: %w", strings.Join(path, "/"), err)
	}
	return nil
}

// show writes a document of the API: as it is for programs, and for people as
// text has it.
func show[A any](o output, document json.RawMessage, text func(A) error) error {
	if o.json {
		return o.document(document)
	}
	var a A
	if err := json.Unmarshal(document, &a); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return text(a)
}
