package exit

import (
	"context"
	"errors"
	"net/http"

	"github.com/turnwise/turnwise/client"
)

// The exit codes, one per kind of end. Scripts rely on them.
const (
	OK           = 0
	Unexpected   = 1
	Usage        = 2
	Refused      = 3
	NotFound     = 4
	Unauthorized = 5
	Unreachable  = 6
	JobFailed    = 7
	Timeout      = 8
	Interrupted  = 130
)

// Help describes the exit codes to people.
const Help = `Exit codes:
    0  done
    1  something unexpected
    2  the command line or the input is wrong
    3  the API refused the request (4xx)
    4  the API knows no such thing (404)
    5  the API refused the token (401, 403)
    6  the API cannot be reached or answers 5xx
    7  the job failed
    8  --timeout has passed
  130  interrupted`

// Code maps the error that ended a command to the exit code.
func Code(err error) int {
	if err == nil {
		return OK
	}
	if errors.Is(err, ErrInterrupted) || errors.Is(err, context.Canceled) {
		return Interrupted
	}
	if _, ok := errors.AsType[*TimeoutError](err); ok {
		return Timeout
	}
	if _, ok := errors.AsType[*UsageError](err); ok {
		return Usage
	}
	if _, ok := errors.AsType[*client.JobError](err); ok {
		return JobFailed
	}
	if _, ok := errors.AsType[*UnreachableError](err); ok {
		return Unreachable
	}
	if answer, ok := errors.AsType[*APIError](err); ok {
		return statusCode(answer.Status)
	}
	return Unexpected
}

// statusCode maps the status of a response that is not a success.
func statusCode(status int) int {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return Unauthorized
	case status == http.StatusNotFound:
		return NotFound
	case status >= 500:
		return Unreachable
	case status >= 400:
		return Refused
	default:
		return Unexpected
	}
}
