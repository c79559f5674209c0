package httpapi

import (
	"log/slog"
	"net/http"
	"time"
)

// NewServer returns a server for the API whose bounds keep slow or idle
// callers from holding connections: a header has 5 s, a header and body three
// times the API's timeout, an answer as long again. The caller sets the
// address, and may set another handler that contains this one.
func (a *API) NewServer() *http.Server {
	arrival := 3 * a.timeout
	return &http.Server{
		Handler:           a,
		ReadHeaderTimeout: min(5*time.Second, arrival),
		ReadTimeout:       arrival,
		// It runs from the end of the header, hence over the body too.
		WriteTimeout:   arrival + a.timeout + arrival,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
}
