package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"syscall"
	"time"
)

// The exit codes, one per kind of end. Scripts rely on them.
const (
	exitOK           = 0
	exitUnexpected   = 1
	exitUsage        = 2
	exitRefused      = 3
	exitNotFound     = 4
	exitUnauthorized = 5
	exitUnreachable  = 6
	exitJobFailed    = 7
	exitTimeout      = 8
	exitInterrupted  = 130
)

// exitHelp describes the exit codes to people.
const exitHelp = `Exit codes:
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

// errInterrupted is the cause of the end when a signal came.
var errInterrupted = errors.New("interrupted")

// A usageError reports a command line, a setting or an input that cannot be
// right. Nothing was sent.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// An apiError is an answer of the API that is not a success.
type apiError struct {
	Status  int
	Message string
}

func (e *apiError) Error() string {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
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

// An unreachableError reports that no answer came.
type unreachableError struct {
	Where string
	Err   error
}

func (e *unreachableError) Error() string {
	hint := ""
	if errors.Is(e.Err, syscall.ECONNREFUSED) {
		hint = "; is it running?"
	}
	return fmt.Sprintf("%s cannot be reached: %v%s", e.Where, e.Err, hint)
}

func (e *unreachableError) Unwrap() error { return e.Err }

// A jobFailedError reports that the job the command was about has failed.
type jobFailedError struct{ JobID, Reason string }

func (e *jobFailedError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("job %s failed", e.JobID)
	}
	return fmt.Sprintf("job %s failed: %s", e.JobID, e.Reason)
}

// A timeoutError is the cause of the end when --timeout has passed.
type timeoutError struct{ after time.Duration }

func (e *timeoutError) Error() string { return fmt.Sprintf("gave up after %s (--timeout)", e.after) }

// exitCode maps the error that ended a command to the exit code.
func exitCode(err error) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, errInterrupted) || errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	if _, ok := errors.AsType[*timeoutError](err); ok {
		return exitTimeout
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	if _, ok := errors.AsType[*jobFailedError](err); ok {
		return exitJobFailed
	}
	if _, ok := errors.AsType[*unreachableError](err); ok {
		return exitUnreachable
	}
	if answer, ok := errors.AsType[*apiError](err); ok {
		return answerCode(answer.Status)
	}
	return exitUnexpected
}

func answerCode(status int) int {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return exitUnauthorized
	case status == http.StatusNotFound:
		return exitNotFound
	case status >= 500:
		return exitUnreachable
	case status >= 400:
		return exitRefused
	default:
		return exitUnexpected
	}
}
