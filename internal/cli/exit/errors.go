package exit

import (
	"errors"
	"fmt"
	"net/http"
	"syscall"
	"time"
)

// ErrInterrupted is the cause of the end when a signal came.
var ErrInterrupted = errors.New("interrupted")

// A UsageError reports a command line, a setting or an input that cannot be
// right. Nothing was sent.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *UsageError) Unwrap() error { return e.Err }

// Usagef returns a [*UsageError] with the given text.
func Usagef(format string, args ...any) error {
	return &UsageError{fmt.Errorf(format, args...)}
}

// An APIError is a response of the API that is not a success.
type APIError struct {
	Status  int
	Message string
	NoToken bool // there was none to send
}

func (e *APIError) Error() string {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		if e.NoToken {
			return fmt.Sprintf("the API wants a token (%d), and there is none: pass that of your account with --token or TURNWISE_TOKEN", e.Status)
		}
		return fmt.Sprintf("the API refused the token (%d): %s; pass another one with --token or TURNWISE_TOKEN", e.Status, e.Message)
	case http.StatusNotFound:
		return fmt.Sprintf("not found: %s", e.Message)
	}
	switch {
	case e.Status >= 500:
		return fmt.Sprintf("the API cannot serve the request now (%d): %s", e.Status, e.Message)
	case e.Status < 400:
		return fmt.Sprintf("the address answers %d (%s); is --api the address of Turnwise?", e.Status, e.Message)
	}
	return fmt.Sprintf("the API refused the request (%d): %s", e.Status, e.Message)
}

// An UnreachableError reports that no response came.
type UnreachableError struct {
	Where string // what was called, in words
	Err   error
}

func (e *UnreachableError) Error() string {
	hint := ""
	if errors.Is(e.Err, syscall.ECONNREFUSED) {
		hint = "; is it running?"
	}
	return fmt.Sprintf("%s cannot be reached: %v%s", e.Where, e.Err, hint)
}

// Unwrap returns the error of the connection.
func (e *UnreachableError) Unwrap() error { return e.Err }

// A TimeoutError is the cause of the end when --timeout has passed.
type TimeoutError struct{ After time.Duration }

func (e *TimeoutError) Error() string { return fmt.Sprintf("gave up after %s (--timeout)", e.After) }
