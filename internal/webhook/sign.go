package webhook

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of the Standard Webhooks specification.
const (
	headerID        = "Webhook-Id"
	headerTimestamp = "Webhook-Timestamp"
	headerSignature = "Webhook-Signature"
)

// errNoSecret reports that there is nothing to sign with.
var errNoSecret = errors.New("there is no secret to sign with")

// sign puts the headers of an attempt into h: the id, the attempt's time, and
// one signature for each secret, so that a receiver may hold any of them while
// a secret is being replaced. Without a secret, or with one that anybody could
// guess, it returns [errNoSecret] and leaves h alone.
func sign(h http.Header, secrets []Secret, id string, at time.Time, body []byte) error {
	if len(secrets) == 0 {
		return errNoSecret
	}
	timestamp := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(secrets))
	for i, s := range secrets {
		if !s.usable() {
			return errNoSecret
		}
		signatures[i] = s.signature(id, timestamp, body)
	}
	h[headerID] = []string{id}
	h[headerTimestamp] = []string{timestamp}
	h[headerSignature] = []string{strings.Join(signatures, " ")}
	return nil
}

// signature returns the signature of a message, with the name of the scheme
// before it.
func (s Secret) signature(id, timestamp string, body []byte) string {
	if s.private != nil {
		content := append([]byte(id+"."+timestamp+"."), body...)
		return string(Ed25519) + "," + base64.StdEncoding.EncodeToString(ed25519.Sign(s.private, content))
	}
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return string(HMAC) + "," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
