// Package retryafter reads the header by which a server asks to be left alone for a
// while.
package retryafter

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Parse returns how long the value of a Retry-After header asks to wait, at most as
// long as given: a number of seconds, whose fraction some write though it may have
// none, or a date. What is neither, or lies in the past, asks for nothing.
func Parse(value string, now time.Time, most time.Duration) time.Duration {
	value = strings.TrimSpace(value)
	if whole, fraction, _ := strings.Cut(value, "."); whole != "" && digits(whole) && digits(fraction) {
		seconds, err := strconv.ParseUint(whole, 10, 64)
		if err != nil || seconds >= uint64(most/time.Second) {
			return most
		}
		if strings.Trim(fraction, "0") != "" {
			seconds++ // a little late is in time, a little early is not
		}
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(now), 0), most)
}

// digits reports whether s has nothing else.
func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }
