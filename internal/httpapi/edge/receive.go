package edge

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"os"
	"strings"
)

// receive reads the body into b, or refuses it for its size or form. It reads
// most bytes at most, and expands the body to no more.
func (x *Exchange) receive(b *body, most int64) error {
	if x.Request.ContentLength == 0 {
		return nil
	}
	h := x.Request.Header
	if x.Request.Method != http.MethodDelete && !isJSON(h.Get("Content-Type")) {
		return Refuse(http.StatusUnsupportedMediaType, "The Content-Type must be application/json, in UTF-8.")
	}
	zipped := false
	switch strings.ToLower(h.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip", "x-gzip":
		zipped = true
	default:
		x.Header().Set("Accept-Encoding", "gzip")
		return Refuse(http.StatusUnsupportedMediaType, "The Content-Encoding must be gzip, or left out.")
	}
	if x.Request.ContentLength > most {
		return tooLarge(most)
	}
	sent := http.MaxBytesReader(x.w, x.Request.Body, most)
	if zipped {
		err := x.h.expand(b, sent, most)
		x.Body, x.complete = withoutMark(b.data), err == nil
		return arrived(err, errGzip)
	}
	err := b.readFrom(sent)
	x.Body, x.complete = withoutMark(b.data), err == nil
	return arrived(err, errBroken)
}

// withoutMark returns a body without the byte order mark that some clients begin
// it with, and that is no JSON.
func withoutMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\ufeff")) }

var errBroken = Refuse(http.StatusBadRequest, "The body broke off before its end.")

// arrived returns the refusal for a body that could not be read. For an unknown
// reason that is otherwise.
func arrived(err, otherwise error) error {
	if err == nil {
		return nil
	}
	if r, ours := errors.AsType[*Refusal](err); ours {
		return r
	}
	if e, large := errors.AsType[*http.MaxBytesError](err); large {
		return tooLarge(e.Limit)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return Refuse(http.StatusRequestTimeout, "The body did not arrive in time.")
	}
	return otherwise
}

func tooLarge(most int64) error {
	return Refuse(http.StatusRequestEntityTooLarge, "The body must not be larger than %d bytes. Send less at a time.", most)
}

// isJSON reports whether a Content-Type announces JSON in UTF-8. A missing one
// does: many clients leave it out.
func isJSON(contentType string) bool {
	if contentType == "" || contentType == "application/json" {
		return true
	}
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "application/json" && !isJSONKind(media) {
		return false
	}
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}

// isJSONKind reports whether a media type is a kind of JSON, such as
// application/vnd.api+json.
func isJSONKind(media string) bool {
	return strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}
