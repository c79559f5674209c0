package webhook

import (
	"net/http"
	"strings"
	"testing"
)

func TestCheckURL(t *testing.T) {
	t.Parallel()

	const (
		scheme   = "must be an http or https URL"
		host     = "must name a host, as in https://example.com/hook"
		user     = "must not contain a user name or password"
		fragment = "must not contain a fragment (#)"
		port     = "must have a port from 1 to 65535, or none"
		number   = "must have an address of four decimal numbers as its host, or a name"
		idn      = "must have a host name that exists in IDNA (UTS 46)"
		form     = "must be a well-formed URL, with control characters percent-encoded, and % too, as %25"
	)
	tests := []struct {
		name, url, want string
	}{
		{"https", "https://example.com/hook?a=b%20c", ""},
		{"http with a port", "http://example.com:8080/hook", ""},
		{"highest port", "http://example.com:65535", ""},
		{"scheme in capitals", "HTTPS://EXAMPLE.COM/", ""},
		{"IPv6", "http://[2606:4700::1111]:8080/", ""},
		{"international name", "https://bücher.example/", ""},
		{"as long as may be", "https://example.com/" + strings.Repeat("a", maxURL-20), ""},
		{"one byte longer", "https://example.com/" + strings.Repeat("a", maxURL-19), "must not be longer than 2048 bytes"},
		{"empty", "", scheme},
		{"relative", "/hook", scheme},
		{"no scheme", "//example.com/hook", scheme},
		{"another scheme", "gopher://example.com/", scheme},
		{"file", "file:///etc/passwd", scheme},
		{"opaque", "http:example.com", host},
		{"backslashes", `http:\\127.0.0.1\`, host},
		{"no host", "http:///hook", host},
		{"port without host", "http://:80/", host},
		{"empty brackets", "http://[]/", form},
		{"user", "http://user@example.com/", user},
		{"user and password", "http://user:secret@example.com/", user},
		{"empty user", "http://@example.com/", user},
		{"fragment", "http://example.com/#x", fragment},
		{"empty fragment", "http://example.com/#", fragment},
		{"zone", "http://[fe80::1%25lo]/", "must not contain an IPv6 zone"},
		{"port 0", "http://example.com:0/", port},
		{"port too large", "http://example.com:65536/", port},
		{"colon without port", "http://example.com:/", port},
		{"port in letters", "http://example.com:http/", form},
		{"NUL", "http://example.com/\x00", form},
		{"line break", "http://example.com/\r\nX: y", form},
		{"blank in host", "http://exa mple.com/", form},
		{"blank before", " http://example.com/", form},
		{"percent sign in the query", "http://example.com/?off=100%", form},
		{"percent sign in the path", "http://example.com/100%/x", form},
		{"blank in the path and the query", "http://example.com/a b?c d", ""},
		{"name of an inner network", "http://my_host:8080/", ""},
		{"short form of an address", "http://127.1/", number},
		{"hexadecimal address", "http://0x7f.1/", number},
		{"decimal address", "http://2130706433/", number},
		{"octal address", "http://0177.0.0.1/", number},
		{"dots only", "http://../", host},
		{"name that IDNA refuses", "http://a\u0301\u200d.example/", idn},
		{"encoded bytes in the host", "http://%ff.example/", idn},
		{"invalid UTF-8", "http://example.com/\xff", "must be valid UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := ""
			if err := CheckURL(tt.url); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("CheckURL(%q) = %q, want %q", tt.url, got, tt.want)
			}
		})
	}
}

func FuzzCheckURL(f *testing.F) {
	for _, seed := range []string{"https://example.com/hook", "http://:80/", "http://[::1%25lo]:80/", "http://a@b/", "http:\\\\x", "http://①②⑦.⓪.⓪.①/", "http://x:/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if CheckURL(raw) != nil {
			return
		}
		req, err := http.NewRequest(http.MethodPost, raw, http.NoBody)
		if err != nil {
			t.Fatalf("CheckURL(%q) = nil, but it makes no request: %v", raw, err)
		}
		if req.URL.Hostname() == "" || req.URL.User != nil || req.URL.Fragment != "" {
			t.Errorf("CheckURL(%q) = nil, but it leads to %q", raw, req.URL)
		}
	})
}
