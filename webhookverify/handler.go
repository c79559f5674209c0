package webhookverify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
)

// Handler is the middleware. It passes on to next what is signed and was not seen
// before, one event of a job at a time, with the event in the context and the
// body to be read again. What next answers is sent once the ledger has kept the
// event, so next cannot stream.
func (v *Verifier) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions && len(v.opts.Origins) > 0 {
			v.consent(w, r)
			return
		}
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			v.refuse(w, r, http.StatusMethodNotAllowed, fmt.Errorf("the method is %s, want POST", r.Method))
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, v.opts.MaxBody))
		if err != nil {
			v.refuse(w, r, unreadable(err), fmt.Errorf("read the body: %w", err))
			return
		}
		event, err := v.Verify(r.Header, body)
		switch {
		case errors.Is(err, ErrUnverified):
			v.refuse(w, r, http.StatusUnauthorized, err)
		case err != nil:
			v.refuse(w, r, http.StatusBadRequest, err)
		default:
			r.Body = io.NopCloser(bytes.NewReader(body))
			v.pass(w, r, next, event)
		}
	})
}

func unreadable(err error) int {
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

// pass has next take an event that was not seen before.
func (v *Verifier) pass(w http.ResponseWriter, r *http.Request, next http.Handler, event Event) {
	ctx := r.Context()
	if v.opts.Ledger == nil {
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, inContext{}, event)))
		return
	}
	end, err := v.turns.take(ctx, event.JobID)
	if err != nil {
		v.refuse(w, r, http.StatusServiceUnavailable, fmt.Errorf("wait for another event of job %s: %w", event.JobID, err))
		return
	}
	defer end()
	if event.Last, err = v.opts.Ledger.Last(ctx, event.JobID); err != nil {
		v.refuse(w, r, http.StatusServiceUnavailable, fmt.Errorf("look for job %s in the ledger: %w", event.JobID, err))
		return
	}
	if event.Sequence <= event.Last {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answer := &answer{header: http.Header{}}
	next.ServeHTTP(answer, r.WithContext(context.WithValue(ctx, inContext{}, event)))
	if answer.good() {
		// Done is done, whether the sender still waits for its answer or not.
		if err := v.opts.Ledger.Keep(context.WithoutCancel(ctx), event.JobID, event.Sequence); err != nil {
			v.refuse(w, r, http.StatusServiceUnavailable, fmt.Errorf("keep event %s in the ledger: %w", event.ID, err))
			return
		}
	}
	answer.send(w)
}

// consent answers a sender that asks whether it may send here.
func (v *Verifier) consent(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", "OPTIONS, POST")
	origin := r.Header.Get("WebHook-Request-Origin")
	if origin != "" && (slices.Contains(v.opts.Origins, origin) || slices.Contains(v.opts.Origins, "*")) {
		w.Header().Set("WebHook-Allowed-Origin", origin)
		if r.Header.Get("WebHook-Request-Rate") != "" {
			w.Header().Set("WebHook-Allowed-Rate", "*")
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// refuse answers a request that is not passed on. The sentence is for the
// receiver's operator; what is in it of a ledger's error is not for the sender.
func (v *Verifier) refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	if v.opts.Refused != nil {
		v.opts.Refused(r, err)
	}
	text := http.StatusText(status)
	if status < http.StatusInternalServerError {
		text = err.Error()
	}
	http.Error(w, text, status)
}

// answer holds what a handler answers.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements [http.ResponseWriter].
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK { // informational ones are no answer
		a.status = status
	}
}

// Write implements [http.ResponseWriter].
func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// good reports whether the event is done.
func (a *answer) good() bool {
	a.WriteHeader(http.StatusOK) // as net/http does if the handler has not answered
	return a.status < http.StatusMultipleChoices
}

func (a *answer) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()) // the sender may have gone
}
