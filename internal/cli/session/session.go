package session

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/output"
)

// A Session is what a command works with: the API, and where results go.
type Session struct {
	API *client.Client
	Out output.Printer
}

// WithSession makes do, which calls the API, the function that a command runs.
func (inv *Invocation) WithSession(do func(ctx context.Context, s *Session, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		s, err := inv.Connect(cmd.Context())
		if err != nil {
			return err
		}
		return do(cmd.Context(), s, args)
	}
}

// Do sends r and returns the API's document.
func (s *Session) Do(ctx context.Context, r client.Request) (json.RawMessage, error) {
	answer, err := s.API.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}

// Get returns the document under path.
func (s *Session) Get(ctx context.Context, query url.Values, path ...string) (json.RawMessage, error) {
	return s.Do(ctx, client.Request{Method: http.MethodGet, Path: path, Query: query})
}

// Show writes the document under path: unchanged for programs, and for people as
// text writes it.
func Show[A any](ctx context.Context, s *Session, text func(output.Printer, A) error, path ...string) error {
	document, err := s.Get(ctx, nil, path...)
	if err != nil {
		return err
	}
	return output.Show(s.Out, document, text)
}

// Decode reads the document under path into v.
func (s *Session) Decode(ctx context.Context, v any, path ...string) error {
	document, err := s.Get(ctx, nil, path...)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(document, v); err != nil {
		return fmt.Errorf("read the answer to GET /%s: %w", strings.Join(path, "/"), err)
	}
	return nil
}
