package edge

import (
	"net/http"

	"github.com/rs/cors"
)

// How many unfinished jobs the account may have, and how many more it may submit
// now. There is no time of a reset: the next one may be submitted when a job has
// finished.
const (
	LimitHeader     = "X-RateLimit-Limit"
	RemainingHeader = "X-RateLimit-Remaining"
)

// newCORS returns the CORS headers that let the pages of the origins call the
// API, nil if there are none. A page sends its token in a header that it sets
// itself, so no origin is ever allowed to send credentials such as cookies.
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

// preflight answers preflight requests, and sets the CORS headers of all other
// answers. It returns true if the request is answered.
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
