package webhook

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/retryafter"
)

const (
	maxAnswer     = 1 << 10        // bytes of a body that are kept of the first attempts at an event
	shortAnswer   = 128            // and of those after them
	firstAttempts = 10             // how many these are
	maxDrain      = 16 << 10       // bytes of a body that are read beyond that, to keep the connection
	maxLocation   = 256            // bytes of a Location that are told
	maxRetryAfter = 24 * time.Hour // longest wait that a receiver can ask for
)

// resultOf returns the result of an attempt from the header of its response:
//
//	2xx                              delivered
//	410                              dead: the receiver wants no more of it
//	webhook-delivery: abort-message  dead, whatever the status but for 2xx
//	all else, 3xx included           to be tried again
func resultOf(res *http.Response, now time.Time) Result {
	r := Result{Outcome: Retry, Class: classOfStatus(res.StatusCode), Attempt: Attempt{Code: res.StatusCode}}
	switch {
	case res.StatusCode/100 == 2:
		r.Outcome = Delivered
		return r
	case res.StatusCode == http.StatusGone || aborts(res.Header):
		r.Outcome, r.Class = Dead, ClassAborted
	default:
		r.RetryAfter = retryafter.Parse(res.Header.Get("Retry-After"), now, maxRetryAfter)
	}
	r.Attempt.Error = errorText(res)
	return r
}

func aborts(h http.Header) bool {
	return strings.EqualFold(strings.TrimSpace(h.Get("Webhook-Delivery")), "abort-message")
}

// errorText describes what was wrong with a response.
func errorText(res *http.Response) string {
	text := cmp.Or(http.StatusText(res.StatusCode), "which is no known status")
	said := fmt.Sprintf("the receiver answered %d %s", res.StatusCode, text)
	if to := res.Header.Get("Location"); to != "" && res.StatusCode/100 == 3 {
		said += "; redirects are not followed, this one leads to " + excerpt([]byte(to), maxLocation)
	}
	return said
}

// readAnswer returns the beginning of a body. It reads a little more than it
// keeps, so that the connection of a well-behaved receiver can be used again.
// An error changes nothing, since the status has already said it all.
func readAnswer(body io.Reader) string {
	kept, _ := io.ReadAll(io.LimitReader(body, maxAnswer+utf8.UTFMax))
	if len(kept) > maxAnswer {
		_, _ = io.CopyN(io.Discard, body, maxDrain)
	}
	return excerpt(kept, maxAnswer)
}

// keptOf returns what is kept of the answer to an attempt: little of the later ones,
// because a receiver in trouble says the same a hundred times.
func keptOf(answer string, attempt int) string {
	if attempt <= firstAttempts {
		return answer
	}
	return excerpt([]byte(answer), shortAnswer)
}

// excerpt returns the beginning of b as valid UTF-8 of at most limit bytes. A
// character that the limit would cut is left out.
func excerpt(b []byte, limit int) string {
	s := strings.ToValidUTF8(string(b[:min(len(b), limit+utf8.UTFMax)]), "\uFFFD")
	if len(s) <= limit {
		return s
	}
	for !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
