package console

import (
	"net/http"
	"time"
)

// policy lets a page load what is served beside it, and nothing else: no inline script
// or style, no other host, no frame.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// maxForm is how many bytes a form may have.
const maxForm = 256 << 10

// guarded puts before all pages what holds for all of them: headers, the bound of a
// body, and that a form is sent by a page of this origin. The last is by
// Sec-Fetch-Site, which browsers send by themselves, else by Origin.
func (c *Console) guarded(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := &exchange{w: w, r: r}
		err := refuse(http.StatusForbidden, "The request comes from a page of another origin, so nothing was done.")
		c.refuse(x, err)
		c.audit(x, "cross-origin request", err)
	}))
	inner := origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(10 * time.Second)) // not on a network that has none
		inner.ServeHTTP(w, r)
	})
}
