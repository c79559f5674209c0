package webhook

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// strict is what RFC 3986 lets stand in a path, and in the query behind it.
var strict = regexp.MustCompile(`^/(?:[-A-Za-z0-9._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*(?:\?(?:[-A-Za-z0-9._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?$`)

// escapes are the escapes of a text, in order.
var escapes = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

// checkTarget compares what a server gets as the target of a request with the
// path and query that were given, the way a server reads them that takes nothing
// but what RFC 3986 allows.
func checkTarget(t interface{ Errorf(string, ...any) }, given, got string) {
	if given == "" || given[0] == '?' {
		given = "/" + given
	}
	if !strict.MatchString(got) {
		t.Errorf("%q was sent as %q, which a strict server refuses", given, got)
		return
	}
	givenPath, givenQuery, _ := strings.Cut(given, "?")
	path, query, _ := strings.Cut(got, "?")
	if strings.Contains(given, "?") != strings.Contains(got, "?") {
		t.Errorf("%q was sent as %q, want a query in both or none", given, got)
	}
	givenParts, parts := strings.Split(givenPath, "/"), strings.Split(path, "/")
	if len(parts) != len(givenParts) {
		t.Errorf("%q was sent as %q, with another number of segments", given, got)
		return
	}
	for i := range parts {
		sameText(t, givenParts[i], parts[i])
	}
	sameText(t, givenQuery, query)
}

// sameText compares texts by what they stand for, and what was encoded in the
// one letter by letter.
func sameText(t interface{ Errorf(string, ...any) }, given, got string) {
	want, err := url.PathUnescape(given)
	has, err2 := url.PathUnescape(got)
	if err != nil || err2 != nil || has != want {
		t.Errorf("%q was sent as %q, which stands for %q, want %q", given, got, has, want)
	}
	rest := escapes.FindAllString(got, -1)
	for _, escape := range escapes.FindAllString(given, -1) {
		for len(rest) > 0 && rest[0] != escape {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			t.Errorf("%q was sent as %q, without %s", given, got, escape)
			return
		}
		rest = rest[1:]
	}
}

// A receiver gets the path and the query that were given, over a real connection.
func TestReceiversGetTheAddressThatWasGiven(t *testing.T) {
	t.Parallel()

	targets := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { targets <- r.RequestURI }))
	t.Cleanup(server.Close)
	sender := newSender(t, SenderOptions{})
	check := func(t interface{ Errorf(string, ...any) }, target string) {
		r := sender.Send(context.Background(), event(server.URL+target), 1)
		if r.Outcome != Delivered {
			t.Errorf("%q: %s, %s", target, r.Outcome, r.Attempt.Error)
			return
		}
		checkTarget(t, target, <-targets)
	}
	for _, target := range []string{
		"", "?", "/", "//", "?a=b", "/a%2Fb/ä", "/a%2fb/a b", "/hook?q=a b&c=ä", "/%E4?x=%e4", "/a/../b/./c", "/;p=1,2/a:b@c",
		"/{id}/[0]|\\^`\"<>", "/x?a[]={1}|2\\^`\"<>", "/%2e%2E/", "/?a=1+2%2B3", "/a?b?c/d", "/e\u0301/\u202e/\u3002", "/💬?💬=💬", "/%00?%0d%0A",
	} {
		check(t, target)
	}
	rapid.Check(t, func(rt *rapid.T) {
		piece := rapid.OneOf(
			rapid.StringOfN(rapid.Rune(), 0, 6, 40),
			rapid.StringMatching(`[ -~]{0,8}`),
			rapid.StringMatching(`(%[0-9A-Fa-f]{2}){1,3}`),
			rapid.SampledFrom([]string{"/", "?", "&", "=", "ä", " ", "%2F", "%25", "[]", "..", ";"}),
		)
		target := "/" + strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(rt, "pieces"), "")
		if CheckURL(server.URL+target) != nil {
			return
		}
		check(rt, target)
	})
}

// The name that is dialled is the one that the Host header names.
func TestNamesAreInOneForm(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, given, want string }{
		{"capitals", "EXAMPLE.test", "example.test"},
		{"capitals beyond ASCII", "EXÄMPLE.test", "xn--exmple-cua.test"},
		{"taken apart (NFD)", "exa\u0308mple.test", "xn--exmple-cua.test"},
		{"ideographic full stop", "exämple。test", "xn--exmple-cua.test"},
		{"full width", "ｅｘａｍｐｌｅ．ｔｅｓｔ", "example.test"},
		{"sharp s", "straße.test", "xn--strae-oqa.test"},
		{"encoded already", "xn--exmple-cua.test", "xn--exmple-cua.test"},
		{"percent-encoded", "ex%C3%A4mple.test", "xn--exmple-cua.test"},
		{"with a dot at the end", "Example.test.", "example.test."},
		{"with a port", "EXÄMPLE.test:8080", "xn--exmple-cua.test:8080"},
		{"underscore", "My_Host.internal", "my_host.internal"},
		{"IPv6", "[2001:DB8::A]", "[2001:db8::a]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			hosts := make(chan string, 1)
			server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { hosts <- r.Host }))
			t.Cleanup(server.Close)
			sender := newSender(t, SenderOptions{})
			var dialled string
			sender.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				dialled = address
				return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
			}
			if r := sender.Send(t.Context(), event("HTTP://"+tt.given+"/"), 1); r.Outcome != Delivered {
				t.Fatalf("got %+v, want it delivered", r)
			}
			want := tt.want
			if _, _, err := net.SplitHostPort(want); err != nil {
				want = net.JoinHostPort(strings.Trim(want, "[]"), "80")
			}
			if host := <-hosts; host != tt.want || dialled != want {
				t.Errorf("dialled %s, and the header says %s; want %s and %s", dialled, host, want, tt.want)
			}
		})
	}
}

// What the guard would refuse whatever a look-up says is refused at once.
func TestGuardChecksURLs(t *testing.T) {
	t.Parallel()

	const blocked = "must lead to a public address; an operator can allow others with TURNWISE_WEBHOOK_ALLOW_CIDRS"
	inside := NewGuard([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("127.0.0.1/32")})
	tests := []struct {
		guard *Guard
		url   string
		want  string
	}{
		{NewGuard(nil), "https://example.com/", ""},
		{NewGuard(nil), "http://8.8.8.8/", ""},
		{NewGuard(nil), "http://127.0.0.1:9090/", blocked},
		{NewGuard(nil), "http://[::1]/", blocked},
		{NewGuard(nil), "http://[::ffff:169.254.169.254]/", blocked},
		{NewGuard(nil), "http://①②⑦.⓪.⓪.①/", blocked},
		{NewGuard(nil), "http://10。1。2。3/", blocked},
		{NewGuard(nil), "http://168.63.129.16/", blocked},
		{NewGuard(nil), "http://LOCALHOST:80/", blocked},
		{NewGuard(nil), "http://a.localhost./", blocked},
		{NewGuard(nil), "ftp://127.0.0.1/", "must be an http or https URL"},
		{inside, "http://10.1.2.3/", ""},
		{inside, "http://10.2.0.1/", blocked},
		{inside, "http://localhost/", ""},
	}
	for _, tt := range tests {
		got := ""
		if err := tt.guard.CheckURL(tt.url); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("CheckURL(%s) = %q, want %q", tt.url, got, tt.want)
		}
	}
}

// FuzzAddress checks what is made of an address: a target that any server takes,
// which stands for what was given, at a host that is sent as it is looked up.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{
		"https://example.com/hook?q=a b&ä", "http://h/a%2Fb/ä", "http://EXÄMPLE.test/", "http://exa\u0308mple.test", "http://a。b/", "http://①②⑦.⓪.⓪.①/",
		"http://h?%", "http://h/%zz", "http://[::1]:80/[]", "http://0x7f.1/", "http://%65.example//..//?", "http://ｅ:80?",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := ParseURL(raw)
		if err != nil {
			return
		}
		again, err := ParseURL(u.String())
		if err != nil || again.String() != u.String() {
			t.Errorf("%q becomes %q, and that becomes %q, %v", raw, u, again, err)
		}
		req, err := http.NewRequest(http.MethodPost, u.String(), http.NoBody)
		if err != nil {
			t.Fatalf("%q makes no request: %v", raw, err)
		}
		if req.Host != u.Host || strings.ToLower(u.Host) != u.Host || regexp.MustCompile(`[^!-~]`).MatchString(u.Host) {
			t.Errorf("%q is for the host %q, and its header says %q", raw, u.Host, req.Host)
		}
		_, rest, _ := strings.Cut(raw, "://")
		target := ""
		if i := strings.IndexAny(rest, "/?"); i >= 0 {
			target = rest[i:]
		}
		checkTarget(t, target, req.URL.RequestURI())
	})
}
