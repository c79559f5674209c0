package edge

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// IdempotencyKey returns the key under which the caller repeats a request,
// empty if there is none.
func IdempotencyKey(h http.Header) (string, error) {
	values, given := h["Idempotency-Key"]
	if !given {
		return "", nil
	}
	key := values[0]
	hidden := func(r rune) bool { return r <= ' ' || r > '~' }
	if len(values) > 1 || key == "" || len(key) > maxKey || strings.ContainsFunc(key, hidden) {
		return "", Refuse(http.StatusBadRequest, "The Idempotency-Key must be given once, as 1 to %d visible ASCII characters.", maxKey)
	}
	return key, nil
}

// Fingerprint returns a hash that is equal for repeated requests alone. The
// query counts in its sorted form, the body byte for byte.
func Fingerprint(r *http.Request, query url.Values, body []byte) string {
	h := sha256.New()
	_, _ = io.WriteString(h, r.Method+"\n"+r.URL.EscapedPath()+"\n"+query.Encode()+"\n")
	_, _ = h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}
