package webhook

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxURL is the longest URL accepted, in bytes.
const maxURL = 2048

// CheckURL returns an error unless raw can be delivered to, as far as a URL
// shows that. Which address it leads to is for the [Guard] to judge, later.
// The error is what is left of a sentence that begins with the name of the
// field.
func CheckURL(raw string) error {
	_, err := ParseURL(raw)
	return err
}

// ParseURL returns the address that stands in raw, in the form in which it is
// sent, or the error of [CheckURL].
//
// Path and query are as they were given: what RFC 3986 does not let stand
// there, blanks and ä, is percent-encoded, and what was encoded is never
// decoded, so /a%2Fb does not become /a/b. Scheme and host are in lower case, and
// an international name is in the form of UTS 46 (IDNA), so the name that is
// looked up is the one in the Host header.
func ParseURL(raw string) (*url.URL, error) {
	if len(raw) > maxURL {
		return nil, errors.New("must not be longer than 2048 bytes")
	}
	if !utf8.ValidString(raw) {
		return nil, errors.New("must be valid UTF-8")
	}
	if strings.Contains(raw, "#") {
		return nil, errors.New("must not contain a fragment (#)")
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host != "" && !decodable(u.RawQuery) {
		return nil, errors.New("must be a well-formed URL, with control characters percent-encoded, and % too, as %25")
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("must be an http or https URL")
	}
	if u.User != nil {
		return nil, errors.New("must not contain a user name or password")
	}
	host, err := hostOf(u)
	if err != nil {
		return nil, err
	}
	return url.Parse(u.Scheme + "://" + host + encoded(raw[targetOf(raw):])) //nolint:wrapcheck // it is never nil
}

// hostOf returns the host and port of u in the form in which they are sent.
func hostOf(u *url.URL) (string, error) {
	host := u.Hostname()
	if host == "" || u.Opaque != "" {
		return "", errors.New("must name a host, as in https://example.com/hook")
	}
	port := u.Port()
	if port != "" || strings.HasSuffix(u.Host, ":") {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return "", errors.New("must have a port from 1 to 65535, or none")
		}
		port = ":" + port
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return "", errors.New("must not contain an IPv6 zone")
		}
		if addr.Is4() {
			return host + port, nil
		}
		return "[" + strings.ToLower(host) + "]" + port, nil
	}
	name, err := nameOf(host)
	return name + port, err
}

// nameOf returns a name in the form in which it is looked up. A name in ASCII is
// only put in lower case, because inside a network there are names that IDNA does
// not know, such as my_host.
func nameOf(host string) (string, error) {
	name := strings.ToLower(host)
	if strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		var err error
		if name, err = idna.Lookup.ToASCII(host); err != nil || name == "" || !utf8.ValidString(host) {
			return "", errors.New("must have a host name that exists in IDNA (UTS 46)")
		}
	}
	if strings.ContainsAny(name, "%:[]") || strings.Trim(name, ".") == "" {
		return "", errors.New("must name a host, as in https://example.com/hook")
	}
	if looksLikeNumber(name) {
		if addr, err := netip.ParseAddr(name); err != nil || !addr.Is4() {
			return "", errors.New("must have an address of four decimal numbers as its host, or a name")
		}
	}
	return name, nil
}

// looksLikeNumber reports whether the last part of a name is a number, which no
// name has. Some programs take 127.1, 0x7f.1 or 2130706433 for an address.
func looksLikeNumber(name string) bool {
	name = strings.TrimSuffix(name, ".")
	last := name[strings.LastIndexByte(name, '.')+1:]
	if _, err := strconv.ParseUint(last, 0, 64); err == nil {
		return true
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// targetOf returns where path and query begin in a URL that has a host.
func targetOf(raw string) int {
	start := strings.Index(raw, "://") + len("://")
	if n := strings.IndexAny(raw[start:], "/?"); n >= 0 {
		return start + n
	}
	return len(raw)
}

// decodable reports whether each % begins an escape.
func decodable(part string) bool {
	_, err := url.PathUnescape(part)
	return err == nil
}

// encoded returns path and query with everything percent-encoded that RFC 3986
// does not let stand there.
func encoded(target string) string {
	const hexadecimal = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(target) {
		if c := target[i]; mayStand(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hexadecimal[c>>4], hexadecimal[c&15]})
		}
	}
	return b.String()
}

// mayStand reports whether a byte may stand in a path or a query as it is, or
// begins an escape.
func mayStand(c byte) bool {
	switch {
	case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		return true
	default:
		return strings.IndexByte("-._~!$&'()*+,;=:@/?%", c) >= 0
	}
}
