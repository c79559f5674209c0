package edge

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/turnwise/turnwise/internal/connections"
)

// strangerTime is how long a caller that has shown no token may keep a
// connection idle, and a body under way.
const strangerTime = 5 * time.Second

// NewServer returns a server for the API. Its bounds keep slow or idle callers
// from holding connections: a header may take 5 s, a header and body three times
// the API's timeout, an answer as long again. Callers without a token may be
// idle for 5 s. The caller sets the address, and may set another handler that
// contains this one.
func (h *Handler) NewServer() *http.Server {
	arrival := 3 * h.timeout
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: min(5*time.Second, arrival),
		ReadTimeout:       arrival,
		// It runs from the end of the header, hence over the body too.
		WriteTimeout:   arrival + h.timeout + arrival,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       slog.NewLogLogger(h.log.Handler(), slog.LevelWarn),
	}
	connections.Bound(s, connections.Options{Most: h.connections, Idle: strangerTime, Log: h.log})
	return s
}
