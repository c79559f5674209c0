package webhook

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/retryafter"
)

func TestJudge(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name       string
		code       int
		control    string // webhook-delivery
		retryAfter string
		outcome    Outcome
		wait       time.Duration
	}{
		{"ok", 200, "", "", Delivered, 0},
		{"accepted", 202, "", "", Delivered, 0},
		{"last of the successes", 299, "", "", Delivered, 0},
		{"success asks for nothing", 200, "abort-message", "60", Delivered, 0},
		{"redirect", 302, "", "", Retry, 0},
		{"bad request", 400, "", "", Retry, 0},
		{"not found", 404, "", "", Retry, 0},
		{"request timeout", 408, "", "", Retry, 0},
		{"gone", 410, "", "60", Dead, 0},
		{"too early", 425, "", "2", Retry, 2 * time.Second},
		{"too many", 429, "", "30", Retry, 30 * time.Second},
		{"broken", 500, "", "", Retry, 0},
		{"unavailable", 503, "", "120", Retry, 2 * time.Minute},
		{"receiver gives up", 503, "abort-message", "120", Dead, 0},
		{"in other letters", 422, " Abort-Message ", "", Dead, 0},
		{"unknown control", 500, "disable", "", Retry, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			h := http.Header{}
			h.Set("webhook-delivery", tt.control)
			h.Set("retry-after", tt.retryAfter)
			r := resultOf(&http.Response{StatusCode: tt.code, Header: h}, time.Now())
			if r.Outcome != tt.outcome || r.RetryAfter != tt.wait || r.Attempt.Code != tt.code {
				t.Errorf("judge(%d) = %s after %s, code %d; want %s after %s", tt.code, r.Outcome, r.RetryAfter, r.Attempt.Code, tt.outcome, tt.wait)
			}
		})
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, in, want string
	}{
		{"short", "ok", "ok"},
		{"as long as may be", "12345678", "12345678"},
		{"cut", "123456789", "12345678"},
		{"cut in a character", "1234567é9", "1234567"},
		{"cut after a character", "123456é9", "123456é"},
		{"invalid", "a\xff\xfeb", "a\uFFFDb"},
		{"grows when made valid", "\xffa\xffa\xffa\xff", "\uFFFDa\uFFFDa"},
		{"ends in a character", "é\xc3", "é\uFFFD"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := excerpt([]byte(tt.in), 8); got != tt.want {
				t.Errorf("excerpt(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add("120", []byte("ok"))
	f.Add("Sun, 01 Mar 2026 12:01:30 GMT", []byte("\xff\xfe"))
	f.Add("100000000000000000000", []byte(strings.Repeat("é", 3000)))
	now := time.Now()
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		if d := retryafter.Parse(header, now, maxRetryAfter); d < 0 || d > maxRetryAfter {
			t.Errorf("Parse(%q) = %s", header, d)
		}
		if s := excerpt(body, 16); len(s) > 16 || !utf8.ValidString(s) {
			t.Errorf("excerpt(%q) = %q", body, s)
		}
	})
}
