package httpapi

import (
	"context"
	"net/http"
	"slices"
)

// A route is an address that is served, with the status of its success.
type route struct {
	pattern string // as [http.ServeMux] has it; GET serves HEAD too
	status  int
	run     func(context.Context, *exchange) (any, error)
}

// table lists everything that is served to those who have a token.
func (a *API) table() []route {
	return slices.Concat(
		a.tokenRoutes(),
		a.textRoutes(),
		a.conversationRoutes(),
		a.insightRoutes(),
		a.manageRoutes(),
		a.attentionRoutes(),
	)
}

// publicTable lists what is served to everybody.
func (a *API) publicTable() []route {
	return a.publicTokenRoutes()
}

// routes returns the multiplexer of all that is served.
func (a *API) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range a.table() {
		mux.Handle(r.pattern, a.protected(r))
	}
	for _, r := range a.publicTable() {
		mux.Handle(r.pattern, a.public(r))
	}
	a.describe(mux)
	return mux
}

// Patterns lists what is served, each as "METHOD /path/{parameter}".
func (a *API) Patterns() []string {
	var all []string
	for _, r := range slices.Concat(a.publicTable(), a.table()) {
		all = append(all, r.pattern)
	}
	return all
}

func (a *API) textRoutes() []route {
	return []route{
		{"POST /v1/process/text", http.StatusCreated, a.counted(a.submit)},
		{"PUT /v1/process/text/{conversationId}", http.StatusCreated, a.counted(a.submit)},
		{"GET /v1/job/{jobId}", http.StatusOK, a.job},
		{"GET /v1/job/{jobId}/attempts", http.StatusOK, a.attempts},
	}
}
