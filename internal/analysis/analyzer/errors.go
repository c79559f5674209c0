package analyzer

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/retryafter"
)

// longestReason bounds, in characters, what is quoted of an answer.
const longestReason = 200

// longestWait is how long an analyzer may ask to be left alone. The jobs of the
// conversation wait as long.
const longestWait = time.Hour

// A failure is a failed attempt. Its text is for the job's
// owner; the cause, which may name addresses, is for the log only.
type failure struct {
	text  string
	cause error
}

func (f *failure) Error() string { return f.text }

// LogValue adds the cause, less the URL, which may hold a password.
func (f *failure) LogValue() slog.Value {
	cause := f.cause
	if e, ok := errors.AsType[*url.Error](cause); ok {
		cause = e.Err
	}
	return slog.StringValue(fmt.Sprintf("%s: %v", f.text, cause))
}

// broken reports that an answer breaks the contract.
func broken(format string, args ...any) error {
	return &jobs.PermanentError{Message: "the analyzer's answer is invalid: " + quote(fmt.Sprintf(format, args...))}
}

// refusal makes an error of an answer that is not a 2xx.
func refusal(resp *http.Response) error {
	status := fmt.Sprintf("the analyzer answered %d", resp.StatusCode)
	if !final(resp.StatusCode) {
		if wait := retryafter.Parse(resp.Header.Get("Retry-After"), time.Now(), longestWait); wait > 0 {
			return &jobs.BusyError{Message: status, After: wait}
		}
		return errors.New(status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return &jobs.PermanentError{Message: status} // it is a refusal, whatever the words
	}
	return &jobs.PermanentError{Message: cmp.Or(reasonOf(body), status)}
}

// final reports whether a refusal will be the same next time.
func final(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return status/100 == 4
}

// reasonOf returns the message of an answer: the member of that name if it is
// JSON, else its text.
func reasonOf(body []byte) string {
	var answer struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &answer) == nil && answer.Message != "" {
		return quote(answer.Message)
	}
	return quote(string(body))
}

// quote puts text on one line, makes it valid UTF-8 and shortens it to
// longestReason.
func quote(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return string(runes[:min(len(runes), longestReason)])
}
