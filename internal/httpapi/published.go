package httpapi

import (
	"net/http"

	"github.com/turnwise/turnwise/internal/httpapi/openapi"
)

// pagePolicy keeps the page with the description of the API to what stands
// beside it. Its icons are part of its styles.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// describe serves the description of the API to everybody. It is no part of
// the API, and not among its [API.Patterns].
func (a *API) describe(mux *http.ServeMux) {
	for _, f := range openapi.Files() {
		mux.HandleFunc("GET "+f.Path, a.publish(f))
	}
	mux.HandleFunc("GET /docs/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "../docs")
		w.(*exchange).send(http.StatusPermanentRedirect, nil)
	})
}

// publish serves a file, compressed as it is kept to those who take it so.
func (a *API) publish(f openapi.File) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		x := w.(*exchange)
		c, err := f.Content()
		data := c.Zipped
		zipped := takesGzip(x.r.Header["Accept-Encoding"])
		if err == nil && !zipped {
			data, err = c.Plain()
		}
		if err != nil {
			x.refuse(err)
			return
		}
		h := x.Header()
		h.Set("Content-Type", f.MediaType)
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("Cache-Control", "no-cache") // but worth a question, by its tag
		h.Set("Vary", "Accept-Encoding")
		h.Set("ETag", `"`+c.Version+`"`)
		if zipped {
			h.Set("Content-Encoding", "gzip")
			h.Set("ETag", `"`+c.Version+zippedTag)
		}
		x.send(http.StatusOK, data)
	}
}
