package webhookverify

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

var (
	// ErrUnverified reports that a request carries no signature that counts, or
	// that its time is too far off. Answer it with 401.
	ErrUnverified = errors.New("the webhook carries no good signature")
	// ErrNoEvent reports that what was signed is not an event of Turnwise. Answer it
	// with 400.
	ErrNoEvent = errors.New("the body is not an event")
)

// Options adjusts a [Verifier]. The zero value is fit for production, but for the
// Ledger.
type Options struct {
	Ledger    Ledger        // what of each job was seen; if nil every event is passed on
	Tolerance time.Duration // how far the clocks may be apart; 5m if zero
	MaxBody   int64         // bytes; 64 KiB if zero

	// Origins are the senders that may ask for consent, as [CloudEvents] calls it, by
	// the names in their WebHook-Request-Origin; * stands for all. A request with
	// OPTIONS is answered 405 if there are none.
	//
	// [CloudEvents]: https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md
	Origins []string

	// Refused is called with what the middleware does not pass on because of an
	// error. It may be nil.
	Refused func(*http.Request, error)
}

// A Verifier tells the webhooks of a sender from what others send. It may be used
// by several goroutines at once.
type Verifier struct {
	keys  []key
	opts  Options
	turns turns
}

// New returns a Verifier with the secrets, each of which counts. Its error does
// not repeat them.
func New(secrets []string, opts Options) (*Verifier, error) {
	if len(secrets) == 0 {
		return nil, errors.New("there is no secret to verify with")
	}
	v := &Verifier{opts: opts}
	for i, text := range secrets {
		k, err := parseKey(text)
		if err != nil {
			return nil, fmt.Errorf("secret %d of %d: %w", i+1, len(secrets), err)
		}
		v.keys = append(v.keys, k)
	}
	if v.opts.Tolerance == 0 {
		v.opts.Tolerance = 5 * time.Minute
	}
	if v.opts.MaxBody == 0 {
		v.opts.MaxBody = 64 << 10
	}
	return v, nil
}

// Verify returns the event of a request, from its header and the bytes of its
// body as they came. The error is [ErrUnverified] or [ErrNoEvent], with a sentence
// for whoever runs the receiver. It does not ask the ledger.
func (v *Verifier) Verify(header http.Header, body []byte) (Event, error) {
	e, err := v.attempt(header, body)
	if err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrUnverified, err)
	}
	if err := e.read(body); err != nil {
		return Event{}, err
	}
	return e, nil
}

// attempt returns what the header says of a body that it signs.
func (v *Verifier) attempt(header http.Header, body []byte) (Event, error) {
	id, timestamp := header.Get("Webhook-Id"), header.Get("Webhook-Timestamp")
	signatures := header.Get("Webhook-Signature")
	if id == "" || timestamp == "" || signatures == "" {
		return Event{}, errors.New("webhook-id, webhook-timestamp or webhook-signature is missing")
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return Event{}, errors.New("webhook-timestamp is not a number of seconds")
	}
	now := time.Now()
	if seconds < now.Add(-v.opts.Tolerance).Unix() || seconds > now.Add(v.opts.Tolerance).Unix() {
		return Event{}, fmt.Errorf("webhook-timestamp is more than %s off; is the clock right?", v.opts.Tolerance)
	}
	if !v.signed(append([]byte(id+"."+timestamp+"."), body...), signatures) {
		return Event{}, errors.New("no signature matches; is the secret that of the account?")
	}
	return Event{ID: id, SentAt: time.Unix(seconds, 0).UTC(), Replay: header.Get("Webhook-Replay") == "true"}, nil
}

// signed reports whether one of the signatures, parted by blanks, counts.
func (v *Verifier) signed(content []byte, signatures string) bool {
	for signature := range strings.FieldsSeq(signatures) {
		for _, k := range v.keys {
			if k.signed(content, signature) {
				return true
			}
		}
	}
	return false
}
