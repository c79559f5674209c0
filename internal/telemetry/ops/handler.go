package ops

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// readyTimeout bounds one answer of /readyz.
const readyTimeout = time.Second

// A NotReady is a reason why the process cannot do its work, in a sentence
// that anybody may read.
type NotReady string

// Error implements error.
func (r NotReady) Error() string { return string(r) }

// The reasons that need no more words.
const (
	// Stopping is the reason from the start of a shutdown on.
	Stopping NotReady = "The process is shutting down."

	unreachable NotReady = "Redis does not answer."
)

// Handler returns the handler of the ops listener. The function ready returns
// no error when the process can do its work, and a note if there is something
// to know all the same; a [NotReady] is shown as it is, and any other error,
// which may name addresses, as Redis that does not answer. It returns when its
// context is done.
func Handler(gatherer prometheus.Gatherer, ready func(context.Context) (note string, err error)) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(gatherer, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, // one broken collector hides no other
	}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		note, err := ready(ctx)
		switch {
		case err != nil:
			answer(w, http.StatusServiceUnavailable, reason(err).Error())
		case note != "":
			answer(w, http.StatusOK, "ok\n"+note)
		default:
			answer(w, http.StatusOK, "ok")
		}
	})
	profiles(mux)
	return mux
}

// profiles adds the profiles to mux. The command line is not among them, as it
// may hold secrets; go tool pprof does without.
func profiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}

func reason(err error) NotReady {
	if r, ok := errors.AsType[NotReady](err); ok {
		return r
	}
	return unreachable
}

func answer(w http.ResponseWriter, code int, sentence string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, sentence+"\n") // a prober that is gone needs no answer
}
