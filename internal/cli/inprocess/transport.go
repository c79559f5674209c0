package inprocess

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// transport is an [http.RoundTripper] that calls a handler instead of going
// over the network.
type transport struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (p transport) RoundTrip(req *http.Request) (*http.Response, error) {
	served := req.Clone(req.Context())
	served.RequestURI = req.URL.RequestURI()
	served.RemoteAddr = "in-process"
	if served.Body == nil {
		served.Body = http.NoBody
	}
	defer served.Body.Close() //nolint:errcheck // a RoundTripper closes what it was given to read
	w := responseWriter{header: http.Header{}}
	p.handler.ServeHTTP(&w, served)
	if err := req.Context().Err(); err != nil {
		return nil, err // as a network transport does
	}
	return w.response(req), nil
}

// responseWriter collects the response of a handler.
type responseWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (w *responseWriter) Header() http.Header { return w.header }

// WriteHeader implements [http.ResponseWriter].
func (w *responseWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

// Write implements [http.ResponseWriter].
func (w *responseWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

func (w *responseWriter) response(req *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status:        strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode:    w.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        w.header,
		Body:          io.NopCloser(&w.body),
		ContentLength: int64(w.body.Len()),
		Request:       req,
	}
}
