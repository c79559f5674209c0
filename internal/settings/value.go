package settings

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"github.com/turnwise/turnwise/internal/account/tryout"
)

// value reads and writes one field. The errors of set continue the sentence
// "lease is 4: …" and do not repeat the text.
type value struct {
	kind string // as the usage text calls it
	set  func(text string) error
	get  func() string
}

func text(p *string) value { return checked(p, func(string) error { return nil }) }

// checked is a text that must pass a check unless it is empty.
func checked(p *string, check func(string) error) value {
	return value{
		kind: "text",
		set: func(text string) error {
			*p = text
			if text == "" {
				return nil
			}
			return check(text)
		},
		get: func() string { return *p },
	}
}

func choice(p *string, options ...string) value {
	v := checked(p, nil)
	v.set = func(text string) error {
		*p = text
		if !slices.Contains(options, text) {
			return fmt.Errorf("want %s", oneOf(options))
		}
		return nil
	}
	return v
}

func boolean(p *bool) value {
	return value{
		kind: "bool",
		set: func(text string) (err error) {
			if *p, err = strconv.ParseBool(text); err != nil {
				return errors.New("want true or false")
			}
			return nil
		},
		get: func() string { return strconv.FormatBool(*p) },
	}
}

func count(p *int, least, most int) value {
	return value{
		kind: "number",
		set: func(text string) error {
			n, err := strconv.Atoi(text)
			if err != nil || n < least || n > most {
				return fmt.Errorf("want a whole number from %d to %d", least, most)
			}
			*p = n
			return nil
		},
		get: func() string { return strconv.Itoa(*p) },
	}
}

func duration(p *time.Duration, least, most time.Duration) value {
	return value{
		kind: "duration",
		set: func(text string) error {
			d, err := time.ParseDuration(text)
			if err != nil {
				return errors.New("want a number with a unit, as in 500ms, 4s, 1m30s or 72h")
			}
			if d < least || d > most {
				return fmt.Errorf("want a duration from %s to %s", least, most)
			}
			*p = d
			return nil
		},
		get: func() string { return p.String() },
	}
}

func address(p *string) value {
	v := checked(p, nil)
	v.kind = "address"
	v.set = func(text string) error {
		*p = text
		_, port, err := net.SplitHostPort(text)
		if err != nil {
			return errors.New("want host:port, as in 127.0.0.1:8080 or [::1]:8080")
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n > 65535 {
			return errors.New("the port must be a number from 0 to 65535, and 0 stands for any that is free")
		}
		return nil
	}
	return v
}

// directory is a path; made absolute, because the process may be told about it
// by others that run elsewhere. It is empty if there is no home to put it in.
func directory(p *string) value {
	v := checked(p, nil)
	v.set = func(text string) (err error) {
		if text == "" {
			text = tryout.DefaultDir()
		}
		if *p = text; text == "" {
			return nil
		}
		if text, err = tryout.Expand(text); err != nil {
			return err
		}
		if *p, err = filepath.Abs(text); err != nil {
			return errors.New("want an absolute path, because the working directory is unknown")
		}
		return nil
	}
	return v
}

func level(p *slog.Level) value {
	levels := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}
	return value{
		kind: "text",
		set: func(text string) error {
			l, known := levels[text]
			if !known {
				return errors.New("want debug, info, warn or error")
			}
			*p = l
			return nil
		},
		get: func() string { return strings.ToLower(p.String()) },
	}
}

func roles(p *[]Role) value {
	return value{
		kind: "list",
		set: func(text string) error {
			*p = nil
			for _, item := range items(text) {
				if !slices.Contains(Roles(), Role(item)) {
					return fmt.Errorf("%q is no role; want one or more of api, worker and dispatcher, separated by commas", item)
				}
				if !slices.Contains(*p, Role(item)) {
					*p = append(*p, Role(item))
				}
			}
			if len(*p) == 0 {
				return errors.New("want one or more of api, worker and dispatcher, separated by commas")
			}
			return nil
		},
		get: func() string { return join(*p) },
	}
}

// list is texts, separated by commas, each of which must pass a check.
func list(p *[]string, check func(string) error) value {
	return value{
		kind: "list",
		set: func(text string) error {
			*p = nil
			for _, item := range items(text) {
				if err := check(item); err != nil {
					return err
				}
				*p = append(*p, item)
			}
			return nil
		},
		get: func() string { return join(*p) },
	}
}

func prefixes(p *[]netip.Prefix) value {
	return value{
		kind: "list",
		set: func(text string) error {
			*p = nil
			for _, item := range items(text) {
				prefix, err := netip.ParsePrefix(item)
				if err != nil {
					return fmt.Errorf("%q is no network; want an address and a length, as in 10.1.0.0/16 or 192.168.7.9/32", item)
				}
				*p = append(*p, prefix.Masked())
			}
			return nil
		},
		get: func() string { return join(*p) },
	}
}

func checkHTTP(text string) error {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return errors.New("want a URL that begins with http:// or https://")
	}
	return nil
}

// checkDomain takes a name of the DNS.
func checkDomain(text string) error {
	if _, err := idna.Lookup.ToASCII(text); err != nil || strings.ContainsAny(text, ":/@? ") {
		return errors.New("want a name of the DNS, as turnwise.example.com")
	}
	return nil
}

// checkOrigin takes what a browser sends as Origin, and the star.
func checkOrigin(text string) error {
	if text == "*" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Scheme+"://"+u.Host != text || strings.Contains(text, "*") {
		return fmt.Errorf("%q is no origin; want scheme and host, as in https://app.example.com or http://localhost:3000, or *", text)
	}
	return nil
}

// checkHost takes a name as it stands in a URL, without its port.
func checkHost(text string) error {
	u, err := url.Parse("http://" + text)
	if err != nil || u.Hostname() != text || strings.Contains(text, "*") {
		return fmt.Errorf("%q is no name of a host; want one without a port, as in worker.internal", text)
	}
	return nil
}

// leastToken is how many characters a token of ours has. One that is shorter
// could be guessed.
const leastToken = 16

func checkOwnToken(text string) error {
	if len(text) < leastToken {
		return fmt.Errorf("want %d characters or more, as openssl rand -hex 32 prints; leave it empty to have one made", leastToken)
	}
	return checkToken(text)
}

// checkToken refuses what could not be sent in a header.
func checkToken(text string) error {
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("want visible ASCII characters only")
	}
	return nil
}

// items splits a list at its commas.
func items(text string) []string {
	list := strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

func join[T any](list []T) string {
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = fmt.Sprint(list[i])
	}
	return strings.Join(texts, ",")
}

func oneOf(options []string) string {
	last := len(options) - 1
	return strings.Join(options[:last], ", ") + " or " + options[last]
}
