package inference

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
)

// An Outcome is how a call ended.
type Outcome string

// The outcomes of calls.
const (
	OK          Outcome = "ok"
	Timeout     Outcome = "timeout"     // no answer in time
	Unreachable Outcome = "unreachable" // no connection, or it broke off
	Refused     Outcome = "refused"     // an answer that is not 2xx
	Invalid     Outcome = "invalid"     // an answer that is of no use
	Busy        Outcome = "busy"        // not made, as none of those under way ended in time
	Skipped     Outcome = "skipped"     // not made, as the server failed lately
	Canceled    Outcome = "canceled"    // whoever asked gave up
)

// Outcomes lists every [Outcome].
func Outcomes() []Outcome {
	return []Outcome{OK, Timeout, Unreachable, Refused, Invalid, Busy, Skipped, Canceled}
}

// An Error is a call that failed. Its text may be shown to anybody;
// the cause, which may name addresses, is for the log only.
type Error struct {
	Outcome Outcome

	text   string
	cause  error
	status int // of the answer; 0 if there was none
}

func (e *Error) Error() string { return e.text }

func (e *Error) Unwrap() error { return e.cause }

// LogValue adds the cause, less the URL, which may hold a password.
func (e *Error) LogValue() slog.Value {
	cause := e.cause
	if u, ok := errors.AsType[*url.Error](cause); ok {
		cause = u.Err
	}
	if cause == nil {
		return slog.StringValue(e.text)
	}
	return slog.StringValue(fmt.Sprintf("%s: %v", e.text, cause))
}

// OutcomeOf returns how the call ended that returned err.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return OK
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Outcome
	}
	return Invalid
}

// invalid reports an answer that is of no use.
func invalid(format string, args ...any) error {
	return &Error{Outcome: Invalid, text: "the model server's answer is invalid: " + fmt.Sprintf(format, args...)}
}
