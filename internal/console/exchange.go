package console

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/connections"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

// An exchange is a request for something of an account's and its answer.
type exchange struct {
	w       http.ResponseWriter
	r       *http.Request
	session session
	account account.Account
	subject string // what an action was about, for the log
	status  int    // of the answer; 200 if zero
}

// path returns an address of the account's.
func (x *exchange) path(parts ...string) string {
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "/console/a/" + url.PathEscape(x.account.ID) + "/" + strings.Join(parts, "/")
}

// see sends the browser on to a page of the account's, which says what was done, in
// one of the [notices].
func (x *exchange) see(done string, parts ...string) error {
	to := x.path(parts...)
	if done != "" {
		to += "?done=" + url.QueryEscape(done)
	}
	x.status = http.StatusSeeOther
	http.Redirect(x.w, x.r, to, http.StatusSeeOther)
	return nil
}

// A refusal is an answer that is no success, with a sentence for who reads it.
type refusal struct {
	status  int
	message string
}

func (r *refusal) Error() string { return r.message }

func refuse(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// errNothing is the answer for what does not exist, and for what is another account's.
var errNothing = &refusal{http.StatusNotFound, "There is nothing at this address. What was here may be older than the retention, or belong to another account."}

// refusalOf returns the refusal for an error of a service.
func refusalOf(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	if e, ok := errors.AsType[*jobs.BacklogError](err); ok {
		return &refusal{http.StatusTooManyRequests, fmt.Sprintf("The conversation has %d unfinished jobs, which is the limit. Try again when some have finished.", e.Limit)}
	}
	if e, ok := errors.AsType[*jobs.ConcurrencyError](err); ok {
		return &refusal{http.StatusTooManyRequests, fmt.Sprintf("The account has %d unfinished jobs, which is the limit. Try again when some have finished.", e.Limit)}
	}
	if e, ok := errors.AsType[*jobs.AccountBacklogError](err); ok {
		return &refusal{http.StatusTooManyRequests, fmt.Sprintf("The account has about %d unfinished jobs, which is the limit. Try again when some have finished.", e.Limit)}
	}
	switch {
	case errors.Is(err, jobs.ErrNotFound), errors.Is(err, jobs.ErrUnknownConversation),
		errors.Is(err, webhook.ErrNoDelivery), errors.Is(err, webhook.ErrNoEndpoint), errors.Is(err, webhook.ErrNoResend):
		return errNothing
	case errors.Is(err, jobs.ErrBegun):
		return &refusal{http.StatusConflict, "The job was begun, so it can no longer be cancelled."}
	case errors.Is(err, jobs.ErrEnded):
		return &refusal{http.StatusConflict, "The job has ended, so there is nothing to cancel."}
	case errors.Is(err, jobs.ErrNotFailed):
		return &refusal{http.StatusConflict, "The job has not failed, so it is not sent again."}
	case errors.Is(err, jobs.ErrNoPayload):
		return &refusal{http.StatusConflict, "The text of the job is not kept any more. Send it again yourself."}
	case errors.Is(err, lane.ErrBusy):
		return &refusal{http.StatusConflict, "The head of the lane is being worked just now. Wait for what becomes of it."}
	case errors.Is(err, lane.ErrUntroubled):
		return &refusal{http.StatusConflict, "The lane is not in trouble any more."}
	case errors.Is(err, webhook.ErrStillTried):
		return &refusal{http.StatusConflict, "The event is still being tried. It can be sent again once it was delivered or given up."}
	case errors.Is(err, webhook.ErrUnrebuilt):
		return &refusal{http.StatusConflict, "What the event told cannot be put together any more."}
	case errors.Is(err, webhook.ErrManyResends):
		return &refusal{http.StatusConflict, "The account has five resends that run, which is the limit. Wait for one, or cancel one."}
	case errors.Is(err, webhook.ErrBadCursor), errors.Is(err, jobs.ErrBadCursor), errors.Is(err, query.ErrCursor):
		return &refusal{http.StatusBadRequest, "The list has changed too much to go on from there. Begin at its first page."}
	case errors.Is(err, query.ErrTooBroad):
		return &refusal{http.StatusBadRequest, "Too many conversations would have to be looked at. Narrow the search by a time or a status."}
	case errors.Is(err, jobs.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return &refusal{http.StatusServiceUnavailable, "Redis does not answer just now. The page can be loaded again in a moment."}
	default:
		return &refusal{http.StatusInternalServerError, "Something went wrong. The log of the service says what."}
	}
}

// bound is how long what is behind a page may take.
const bound = 8 * time.Second

// serve returns the handler of a route below a base: it lets in whom enter does not
// refuse, answers errors, and writes the log.
func (c *Console) serve(base string, enter func(*exchange) error, route route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		x := &exchange{w: w, r: r}
		err := enter(x)
		if errors.Is(err, errSignedOut) {
			c.toSignIn(x)
			return
		}
		if err == nil {
			connections.Known(r.Context())
			if !strings.HasSuffix(route.path, "/live") {
				ctx, cancel := context.WithTimeout(r.Context(), bound)
				defer cancel()
				x.r = r.WithContext(ctx)
			}
			err = route.handle(x)
		}
		if err != nil && r.Context().Err() == nil {
			c.refuse(x, err)
		}
		if route.action != "" {
			c.audit(x, route.action, err)
		}
		if c.opts.Meter != nil && !strings.HasSuffix(route.path, "/live") {
			c.opts.Meter.HTTPRequest(base+route.path, route.method, max(x.status, http.StatusOK), time.Since(began))
		}
	}
}

// enter sets the session of the exchange and its account, or returns an error if the
// one does not open the other.
func (c *Console) enter(x *exchange) error {
	var err error
	if x.session, err = c.session(x.r); err != nil {
		return err
	}
	id := x.r.PathValue("account")
	if !x.session.operator && x.session.account != id {
		return errNothing
	}
	known, ok := c.Accounts.ByID(id)
	if !ok {
		return errNothing
	}
	x.account = known
	return nil
}

// refuse answers an error with a page that says what is wrong.
func (c *Console) refuse(x *exchange, err error) {
	r := refusalOf(err)
	x.status = r.status
	if r.status >= http.StatusInternalServerError {
		c.log.LogAttrs(x.r.Context(), slog.LevelError, "console page failed",
			slog.String("path", x.r.URL.Path), slog.String("account", x.account.ID), slog.Any("err", err))
	}
	c.render(x, r.status, "refusal", http.StatusText(r.status), r.message)
}

// audit writes the line about an action.
func (c *Console) audit(x *exchange, action string, err error) {
	outcome := "done"
	if err != nil {
		outcome = refusalOf(err).message
	}
	c.log.LogAttrs(x.r.Context(), slog.LevelInfo, "console action",
		slog.String("action", action),
		slog.String("by", x.session.who()),
		slog.String("account", x.account.ID),
		slog.String("subject", x.subject),
		slog.String("remote", x.r.RemoteAddr),
		slog.String("outcome", outcome))
}
