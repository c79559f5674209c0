package httpapi

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"os"
	"strings"
)

// receive reads the body into buf, or refuses what cannot be a submission for
// its size or form. It sees no more of a body than [maxBody] bytes.
func (x *exchange) receive(buf *bytes.Buffer) error {
	h := x.r.Header
	if !isJSON(h.Get("Content-Type")) {
		return refuse(http.StatusUnsupportedMediaType, "The Content-Type must be application/json, in UTF-8.")
	}
	if e := h.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return refuse(http.StatusUnsupportedMediaType, "The body must not be compressed. Leave the Content-Encoding out.")
	}
	if x.r.ContentLength > maxBody {
		return errTooLarge
	}
	buf.Reset()
	_, err := buf.ReadFrom(http.MaxBytesReader(x.w, x.r.Body, maxBody))
	x.body = buf.Bytes()
	if err == nil {
		return nil
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return errTooLarge
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return refuse(http.StatusRequestTimeout, "The body did not arrive in time.")
	}
	return refuse(http.StatusBadRequest, "The body broke off before its end.")
}

var errTooLarge = refuse(http.StatusRequestEntityTooLarge, "The body must not be larger than %d bytes. Send the messages in several requests.", maxBody)

// isJSON reports whether a Content-Type announces JSON in UTF-8. A missing one
// does: many clients leave it out.
func isJSON(contentType string) bool {
	if contentType == "" || contentType == "application/json" {
		return true
	}
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "application/json" {
		return false
	}
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}
