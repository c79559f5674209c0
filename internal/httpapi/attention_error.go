package httpapi

import (
	"net/http"
	"strconv"
	"strings"
)

// errorBody is the form of a refusal at a path.
func errorBody(path string, r *refusal) any {
	if strings.HasPrefix(path, "/v2/") {
		return failure{
			Errors:  []failureError{{strconv.Itoa(r.status), http.StatusText(r.status), r.message}},
			Message: r.message,
		}
	}
	return struct {
		StatusCode int    `json:"statusCode"`
		Message    string `json:"message"`
	}{r.status, r.message}
}

// A failure is a refusal by the v2 API. No form is documented for it: readers
// of JSON:API look into errors, others for a message.
type failure struct {
	Errors  []failureError `json:"errors"`
	Message string         `json:"message"`
}

type failureError struct {
	Status string `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
}
