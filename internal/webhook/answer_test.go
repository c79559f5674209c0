package webhook

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
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

func TestRetryAfter(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name, value string
		want        time.Duration
	}{
		{"none", "", 0},
		{"seconds", "120", 2 * time.Minute},
		{"blanks around", " 120 ", 2 * time.Minute},
		{"zero", "0", 0},
		{"a day", "86400", 24 * time.Hour},
		{"longer than a day", "86401", 24 * time.Hour},
		{"more than an int64 of nanoseconds", "10000000000", 24 * time.Hour},
		{"more than a uint64", "100000000000000000000", 24 * time.Hour},
		{"negative", "-5", 0},
		{"signed", "+5", 0},
		{"a fraction", "1.2", 2 * time.Second},
		{"less than one", "0.001", time.Second},
		{"a fraction of nothing", "120.000", 2 * time.Minute},
		{"a point at the end", "120.", 2 * time.Minute},
		{"a point at the beginning", ".5", 0},
		{"a fraction over a day", "86400.1", 24 * time.Hour},
		{"largest uint64 and a fraction", "18446744073709551615.5", 24 * time.Hour},
		{"two points", "1.2.3", 0},
		{"an exponent", "1e3", 0},
		{"a unit", "120s", 0},
		{"garbage", "soon", 0},
		{"other digits", "１２０", 0},
		{"date", "Sun, 01 Mar 2026 12:01:30 GMT", 90 * time.Second},
		{"date in the old form", "Sunday, 01-Mar-26 12:01:30 GMT", 90 * time.Second},
		{"date in the past", "Sun, 01 Mar 2026 11:00:00 GMT", 0},
		{"date far off", "Fri, 31 Dec 9999 23:59:59 GMT", 24 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := retryAfter(tt.value, now); got != tt.want {
				t.Errorf("retryAfter(%q) = %s, want %s", tt.value, got, tt.want)
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
		if d := retryAfter(header, now); d < 0 || d > maxRetryAfter {
			t.Errorf("retryAfter(%q) = %s", header, d)
		}
		if s := excerpt(body, 16); len(s) > 16 || !utf8.ValidString(s) {
			t.Errorf("excerpt(%q) = %q", body, s)
		}
	})
}
