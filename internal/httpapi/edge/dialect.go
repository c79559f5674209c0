package edge

import (
	"context"
	"net/http"
	"strings"
)

// A HandlerFunc answers a request. The answer is sent as JSON, or without a body
// if it is nil. An error that is no [Refusal] is turned into one.
//
// The context ends when the store should have answered; long readings use
// [Exchange.Long] instead.
type HandlerFunc func(ctx context.Context, x *Exchange) (any, error)

// A Route is an address that is served, with the status of its success.
type Route struct {
	Pattern string // as [http.ServeMux] has it; GET serves HEAD too
	Status  int
	Handle  HandlerFunc
	Params  []string // names of the parameters that the query may have

	operators   bool // may call it, too
	allAccounts bool // and need not name an account
}

// Takes returns the route with the names of the parameters that it reads of the
// query.
func (r Route) Takes(params ...string) Route {
	r.Params = params
	return r
}

// OK returns a route of which the success is 200.
func OK(pattern string, handle HandlerFunc) Route {
	return Route{Pattern: pattern, Status: http.StatusOK, Handle: handle}
}

// Created returns a route of which the success is 201.
func Created(pattern string, handle HandlerFunc) Route {
	return Route{Pattern: pattern, Status: http.StatusCreated, Handle: handle}
}

// A Dialect is a part of the API with routes, and perhaps a form of errors, of
// its own.
type Dialect struct {
	Routes    []Route // for callers with a token
	Public    []Route // for everybody
	Files     []File
	Redirects []Redirect

	// NotOffered are addresses that others' APIs have and this one has not, each as
	// "METHOD /path/{parameter}".
	NotOffered []string

	// ErrorBody is the form that refusals have at the paths that begin with
	// ErrorPrefix. If it is nil, they have the common one.
	ErrorPrefix string
	ErrorBody   func(status int, message string) any
}

// errorBody returns the body of a refusal at a path.
func (h *Handler) errorBody(path string, r *Refusal) any {
	for _, d := range h.dialects {
		if d.ErrorBody != nil && strings.HasPrefix(path, d.ErrorPrefix) {
			return d.ErrorBody(r.Status, r.Message)
		}
	}
	return struct {
		StatusCode int    `json:"statusCode"`
		Message    string `json:"message"`
	}{r.Status, r.Message}
}
