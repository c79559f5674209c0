package edge

import (
	"net/http"

	"github.com/rs/cors"
)

// How many unfinished jobs the account may have, and how many more it may have
// right now. There is no time of a reset: a place is free when a job has ended.
const (
	LimitHeader     = "X-RateLimit-Limit"
	RemainingHeader = "X-RateLimit-Remaining"
)

// newCORS returns what lets the pages of the origins call the API, nil if
// there are none. Tokens travel in headers that a page sets itself, so no
// origin is ever allowed to use what a browser keeps, such as cookies.
func newCORS(origins []string) *cors.Cors {
	if len(origins) == 0 {
		return nil
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{
			http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		},
		AllowedHeaders: []string{
			"Authorization", "X-Api-Key", "Content-Type", "Content-Encoding",
			"Idempotency-Key", "If-Match", "If-None-Match", "X-Request-Id",
		},
		ExposedHeaders: []string{"ETag", "Retry-After", "X-Request-Id", LimitHeader, RemainingHeader},
		MaxAge:         600, // seconds
	})
}

// preflight answers a browser that asks what a page may do, and tells it with
// every other answer who may read it. It returns true if all is said.
func (h *Handler) preflight(x *Exchange) bool {
	if h.cors == nil {
		return false
	}
	h.cors.HandlerFunc(x, x.Request)
	if x.status != http.StatusNoContent {
		return false
	}
	x.answer(x.status, nil)
	return true
}
