package webhook

import (
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

// tolerance is how far the clocks of sender and receiver may be apart, and how
// long a captured request can be played back.
const tolerance = 5 * time.Minute

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
		if len(s.key) < minSecret { // the zero Secret
			return errNoSecret
		}
		signatures[i] = s.signature(id, timestamp, body)
	}
	h[headerID] = []string{id}
	h[headerTimestamp] = []string{timestamp}
	h[headerSignature] = []string{strings.Join(signatures, " ")}
	return nil
}

// Verify returns nil if the header carries a signature of body by one of the
// secrets, made within five minutes of now. The error says what is wrong, for
// whoever runs the receiver.
func Verify(secrets []Secret, header http.Header, body []byte, now time.Time) error {
	id, timestamp := header.Get(headerID), header.Get(headerTimestamp)
	signatures := header.Get(headerSignature)
	if id == "" || timestamp == "" || signatures == "" {
		return errors.New("webhook-id, webhook-timestamp or webhook-signature is missing")
	}
	at, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return errors.New("webhook-timestamp is not a number of seconds")
	}
	if at < now.Add(-tolerance).Unix() || at > now.Add(tolerance).Unix() {
		return errors.New("webhook-timestamp is more than five minutes off; is the clock right?")
	}
	for _, s := range secrets {
		if len(s.key) < minSecret { // the zero Secret, which everybody knows
			continue
		}
		want := []byte(s.signature(id, timestamp, body))
		for got := range strings.FieldsSeq(signatures) {
			if hmac.Equal([]byte(got), want) {
				return nil
			}
		}
	}
	return errors.New("no signature matches; is the secret that of the account?")
}

// signature returns the signature of a message, with the version of the scheme
// before it.
func (s Secret) signature(id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
