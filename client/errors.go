package client

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// The kinds of errors, to be matched with [errors.Is].
var (
	ErrInvalid      = errors.New("the request is not valid")                   // 400, 413, 415, 422
	ErrUnauthorized = errors.New("the token is not accepted")                  // 401, 403
	ErrNotFound     = errors.New("not found")                                  // 404
	ErrConflict     = errors.New("it conflicts with what is there")            // 409, such as a name that is taken
	ErrChanged      = errors.New("it has changed since it was read")           // 412: IfMatch does not hold
	ErrLimit        = errors.New("a limit is reached")                         // 429
	ErrUnavailable  = errors.New("the API is away or cannot serve now")        // 5xx, and no answer
	ErrNotAPI       = errors.New("the answer is not that of the Turnwise API") // a success that is not JSON
)

// An Error is an answer of the API that is not a success.
type Error struct {
	StatusCode int
	Message    string        // the API's sentence, for people
	RequestID  string        // as in the log of the server
	RetryAfter time.Duration // 0 if the answer does not say
}

// Error returns the API's sentence behind the status.
func (e *Error) Error() string {
	return fmt.Sprintf("the API answers %d: %s", e.StatusCode, e.Message)
}

// Is reports whether the status is of the kind that target stands for.
func (e *Error) Is(target error) bool { return kindOf(e.StatusCode) == target }

// kindOf returns the sentinel for a status, or nil.
func kindOf(status int) error {
	switch status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return ErrInvalid
	case http.StatusUnauthorized, http.StatusForbidden:
		return ErrUnauthorized
	case http.StatusNotFound:
		return ErrNotFound
	case http.StatusConflict:
		return ErrConflict
	case http.StatusPreconditionFailed:
		return ErrChanged
	case http.StatusTooManyRequests:
		return ErrLimit
	}
	if status >= http.StatusInternalServerError {
		return ErrUnavailable
	}
	return nil
}

// A ConnectionError reports that no complete answer arrived. Whether the
// request took effect is unknown.
type ConnectionError struct{ Err error }

// Error returns the error of the connection as text.
func (e *ConnectionError) Error() string { return fmt.Sprintf("no answer from the API: %v", e.Err) }

// Unwrap returns the error of the connection.
func (e *ConnectionError) Unwrap() error { return e.Err }

// Is reports whether target is [ErrUnavailable].
func (e *ConnectionError) Is(target error) bool { return target == ErrUnavailable }

// A JobError reports that a job that was waited for has failed.
type JobError struct{ Job Job }

// Error returns why the job failed.
func (e *JobError) Error() string {
	if e.Job.Message == "" {
		return fmt.Sprintf("job %s failed", e.Job.ID)
	}
	return fmt.Sprintf("job %s failed: %s", e.Job.ID, e.Job.Message)
}

// errorOf makes an [*Error] of an answer. A proxy's error page has no
// message.
func errorOf(resp *http.Response, body []byte) *Error {
	var document struct {
		Message string `json:"message"`
	}
	_ = json.Unmarshal(body, &document)
	return &Error{
		StatusCode: resp.StatusCode,
		Message:    cmp.Or(document.Message, http.StatusText(resp.StatusCode), "no message"),
		RequestID:  resp.Header.Get("X-Request-Id"),
		RetryAfter: parseRetryAfter(resp.Header.Get("Retry-After"), time.Now()),
	}
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
