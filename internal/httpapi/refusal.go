package httpapi

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/jobs"
)

// A refusal is an answer that is not a success, with the sentence that the
// caller reads. Everything else that goes wrong is turned into one by
// [refusalOf], which is the only place that knows what error has which status.
type refusal struct {
	status     int
	message    string
	retryAfter bool // a second later it may go well
}

func (r *refusal) Error() string { return r.message }

// refuse returns a refusal with a sentence of its own.
func refuse(status int, format string, args ...any) error {
	return &refusal{status: status, message: fmt.Sprintf(format, args...)}
}

var (
	errPanic = errors.New("panic")

	// The answers about what is not there do not depend on why it is not:
	// malformed, unknown and another account's are one.
	errNoConversation = &refusal{status: http.StatusNotFound, message: "The conversationId is either invalid or does not exist."}
	errNoMember       = &refusal{status: http.StatusNotFound, message: "The memberId is either invalid or does not exist."}
	errNoJob          = &refusal{status: http.StatusNotFound, message: "The jobId is either invalid or does not exist."}

	// errGone is for the log and the metrics: nobody is there to read it. The
	// number is the one that proxies use.
	errGone = &refusal{status: 499, message: "The caller has gone."}
)

// refusalOf says what the caller is told of err. What is not listed is nobody's
// business outside: it becomes a 500 with a constant sentence.
func refusalOf(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	if r := catalogRefusal(err); r != nil {
		return r
	}
	if e, ok := errors.AsType[*edit.SpanError](err); ok {
		return &refusal{http.StatusBadRequest, fmt.Sprintf(`"endTime" must not be earlier than startTime; they would be %s and %s`, wireTime(e.End), wireTime(e.Start)), false}
	}
	if e, ok := errors.AsType[*jobs.ConcurrencyError](err); ok {
		return &refusal{http.StatusTooManyRequests, fmt.Sprintf(concurrencyMessage, e.Limit), true}
	}
	if e, ok := errors.AsType[*jobs.BacklogError](err); ok {
		return &refusal{http.StatusTooManyRequests, fmt.Sprintf("The conversation has %d unfinished jobs, which is the limit. Send the request again when some have finished.", e.Limit), true}
	}
	switch {
	case errors.Is(err, account.ErrUnknownToken):
		return errToken
	case errors.Is(err, account.ErrUnknownApp):
		return errApp
	case errors.Is(err, jobs.ErrUnknownConversation):
		return errNoConversation
	case errors.Is(err, jobs.ErrNotFound):
		return errNoJob
	case errors.Is(err, edit.ErrUnknownMember):
		return errNoMember
	case errors.Is(err, edit.ErrVersion):
		return &refusal{http.StatusPreconditionFailed, "The conversation is not at the version that If-Match names. Read it again, and repeat the change with its new ETag.", false}
	case errors.Is(err, edit.ErrContended):
		return &refusal{http.StatusServiceUnavailable, "The conversation is being changed by others just now. Send the request again.", true}
	case errors.Is(err, query.ErrTooBroad):
		return &refusal{http.StatusBadRequest, "Too many conversations would have to be looked at. Narrow the window with startTime and endTime, or sort by conversation.startTime.", false}
	case errors.Is(err, edit.ErrExternalIDTaken):
		return &refusal{http.StatusConflict, "Another conversation has this externalId. Give each conversation its own, or update the one that has it.", false}
	case errors.Is(err, jobs.ErrKeyReused):
		return &refusal{http.StatusUnprocessableEntity, "The Idempotency-Key was used for another request. Use a new key for a new request.", false}
	case unavailable(err):
		return &refusal{http.StatusServiceUnavailable, "The service is not available just now. Send the request again; with an Idempotency-Key it takes effect once.", true}
	default:
		return &refusal{http.StatusInternalServerError, "Something went wrong. The X-Request-Id of this answer leads the operator to the cause.", false}
	}
}

// concurrencyMessage is a documented literal, which clients may compare; the
// number stands between backquotes there too.
const concurrencyMessage = "This API has a limit of maximum of `%d` number of concurrent jobs per account. " +
	"If you are looking to scale, and need more concurrent jobs than this limit, please contact us at support@symbl.ai"

// unrouted is what is said when the mux found no endpoint and would have
// answered the given status itself. It redirects paths that are not in
// canonical form; here they are unknown, since few clients follow with a body.
func unrouted(status int) error {
	switch status {
	case http.StatusMethodNotAllowed:
		return refuse(status, "This address does not take the method of the request. The Allow header lists those that it takes.")
	case http.StatusBadRequest:
		return refuse(status, "The target of the request is malformed.")
	default:
		return refuse(http.StatusNotFound, "There is nothing at this address.")
	}
}
