package webhook

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxURL is the longest URL accepted, in bytes.
const maxURL = 2048

// CheckURL returns an error unless raw can be delivered to, as far as a URL
// shows that. Which address it leads to is for the [Guard] to judge, later.
// The error is what is left of a sentence that begins with the name of the
// field.
func CheckURL(raw string) error {
	if len(raw) > maxURL {
		return errors.New("must not be longer than 2048 bytes")
	}
	if !utf8.ValidString(raw) {
		return errors.New("must be valid UTF-8")
	}
	if strings.Contains(raw, "#") {
		return errors.New("must not contain a fragment (#)")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return errors.New("must be a well-formed URL, with blanks and control characters percent-encoded")
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("must be an http or https URL")
	}
	if u.User != nil {
		return errors.New("must not contain a user name or password")
	}
	return checkHost(u)
}

func checkHost(u *url.URL) error {
	host := u.Hostname()
	if host == "" || u.Opaque != "" {
		return errors.New("must name a host, as in https://example.com/hook")
	}
	if addr, err := netip.ParseAddr(host); err == nil && addr.Zone() != "" {
		return errors.New("must not contain an IPv6 zone")
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return errors.New("must have a port from 1 to 65535, or none")
		}
	}
	return nil
}
