package edge

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/jobs"
)

// A Refusal is an answer that is not a success, with the sentence that the
// caller reads. [refusalOf] turns other errors into refusals.
type Refusal struct {
	Status     int
	Message    string
	RetryAfter bool // the request may succeed a second later
}

func (r *Refusal) Error() string { return r.Message }

// Refuse returns a refusal with a sentence of its own.
func Refuse(status int, format string, args ...any) error {
	return &Refusal{Status: status, Message: fmt.Sprintf(format, args...)}
}

var (
	errPanic = errors.New("panic")

	// ErrNoConversation is the answer about a conversation that does not exist.
	// The answers about what does not exist do not depend on why: malformed,
	// unknown and another account's are one.
	ErrNoConversation = &Refusal{Status: http.StatusNotFound, Message: "The conversationId is either invalid or does not exist."}
	errNoMember       = &Refusal{Status: http.StatusNotFound, Message: "The memberId is either invalid or does not exist."}
	// ErrNoJob is the answer about a job that does not exist.
	ErrNoJob = &Refusal{Status: http.StatusNotFound, Message: "The jobId is either invalid or does not exist."}

	// errGone is for the log and the metrics: the caller has closed the
	// connection. Proxies use this number.
	errGone = &Refusal{Status: 499, Message: "The caller has gone."}
)

// refusalOf returns the refusal for an error of the services that several
// dialects use. An error that is not listed is internal: it becomes a 500 with a
// constant sentence.
func refusalOf(err error) *Refusal {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r
	}
	if e, ok := errors.AsType[*edit.SpanError](err); ok {
		return &Refusal{http.StatusBadRequest, fmt.Sprintf(`"endTime" must not be earlier than startTime; they would be %s and %s`, FormatTime(e.End), FormatTime(e.Start)), false}
	}
	if e, ok := errors.AsType[*jobs.ConcurrencyError](err); ok {
		return &Refusal{http.StatusTooManyRequests, fmt.Sprintf(concurrencyMessage, e.Limit), true}
	}
	if e, ok := errors.AsType[*jobs.BacklogError](err); ok {
		return &Refusal{http.StatusTooManyRequests, fmt.Sprintf("The conversation has %d unfinished jobs, which is the limit. Send the request again when some have finished.", e.Limit), true}
	}
	if e, ok := errors.AsType[*jobs.AccountBacklogError](err); ok {
		return &Refusal{http.StatusTooManyRequests, fmt.Sprintf("The account has about %d unfinished jobs, which is the limit. Send the request again when some have finished.", e.Limit), true}
	}
	switch {
	case errors.Is(err, account.ErrUnknownToken):
		return errToken
	case errors.Is(err, account.ErrUnknownApp):
		return errApp
	case errors.Is(err, jobs.ErrUnknownConversation):
		return ErrNoConversation
	case errors.Is(err, jobs.ErrNotFound):
		return ErrNoJob
	case errors.Is(err, edit.ErrUnknownMember):
		return errNoMember
	case errors.Is(err, edit.ErrVersion):
		return &Refusal{http.StatusPreconditionFailed, "The conversation is not at the version that If-Match names. Read it again, and repeat the change with its new ETag.", false}
	case errors.Is(err, edit.ErrContended):
		return &Refusal{http.StatusServiceUnavailable, "The conversation is being changed by others just now. Send the request again.", true}
	case errors.Is(err, query.ErrTooBroad):
		return &Refusal{http.StatusBadRequest, "Too many conversations would have to be looked at. Narrow the window with startTime and endTime, sort by conversation.startTime, or ask part by part, beginning with an empty cursor.", false}
	case errors.Is(err, edit.ErrExternalIDTaken):
		return &Refusal{http.StatusConflict, "Another conversation has this externalId. Give each conversation its own, or update the one that has it.", false}
	case errors.Is(err, jobs.ErrKeyReused):
		return &Refusal{http.StatusUnprocessableEntity, "The Idempotency-Key was used for another request. Use a new key for a new request.", false}
	case unavailable(err):
		return &Refusal{http.StatusServiceUnavailable, "The service is not available just now. Send the request again; with an Idempotency-Key it takes effect once.", true}
	default:
		return &Refusal{http.StatusInternalServerError, "Something went wrong. The X-Request-Id of this answer leads the operator to the cause.", false}
	}
}

// concurrencyMessage is documented word for word, with the backquotes, so that
// clients may compare it.
const concurrencyMessage = "This API has a limit of maximum of `%d` number of concurrent jobs per account. " +
	"If you are looking to scale, and need more concurrent jobs than this limit, please contact us at support@symbl.ai"

// unrouted returns the refusal for a request without a route, for which the mux
// itself would have answered the given status. The mux redirects paths that are
// not in canonical form. Here they are unknown, since few clients follow a
// redirect with a body.
func unrouted(status int) error {
	switch status {
	case http.StatusMethodNotAllowed:
		return Refuse(status, "This address does not take the method of the request. The Allow header lists those that it takes.")
	case http.StatusBadRequest:
		return Refuse(status, "The target of the request is malformed.")
	default:
		return Refuse(http.StatusNotFound, "There is nothing at this address.")
	}
}
