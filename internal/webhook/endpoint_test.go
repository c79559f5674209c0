package webhook

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

func TestEndpointOf(t *testing.T) {
	t.Parallel()

	tests := []struct{ url, origin string }{
		{"https://example.com/hook", "https://example.com:443"},
		{"HTTPS://Example.COM:443/other?x=1", "https://example.com:443"},
		{"https://example.com./hook", "https://example.com:443"},
		{"http://example.com/hook", "http://example.com:80"},
		{"http://example.com:8080/hook", "http://example.com:8080"},
		{"https://EXÄMPLE.test/", "https://xn--exmple-cua.test:443"},
		{"http://[2001:DB8:0::1]/", "http://[2001:db8::1]:80"},
		{"http://203.0.113.7/", "http://203.0.113.7:80"},
	}
	ids := map[string]string{}
	for _, tt := range tests {
		e, err := EndpointOf(tt.url)
		if err != nil || e.Origin != tt.origin || !ValidEndpointID(e.ID) {
			t.Errorf("EndpointOf(%q) = %+v, %v; want %s", tt.url, e, err, tt.origin)
		}
		if id, known := ids[e.Origin]; known && id != e.ID {
			t.Errorf("the ids of %s are %s and %s, want one", e.Origin, id, e.ID)
		}
		ids[e.Origin] = e.ID
	}
	if e, err := EndpointOf("ftp://example.com/"); err == nil {
		t.Errorf("EndpointOf of an ftp URL = %+v, want an error", e)
	}
}

// Ids come from callers, and what is none enters no key.
func TestValidEndpointID(t *testing.T) {
	t.Parallel()

	for _, id := range []string{"", "x", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcde:", "{1}:0123456789ab"} {
		if ValidEndpointID(id) {
			t.Errorf("%q passes for the id of an endpoint", id)
		}
	}
}

// What lies in Redis stands under these ids, so they hold for good.
func TestIDOfAnEndpointNeverChanges(t *testing.T) {
	t.Parallel()

	if e, _ := EndpointOf("http://receiver.example/hook"); e.ID != "4021b4420ee93e71" {
		t.Errorf("ID = %s", e.ID)
	}
}

// What an attempt tells about its endpoint: an answer to one event is no reason to
// leave the others alone, unless it says that the receiver is in trouble.
func TestHealthOfAResult(t *testing.T) {
	t.Parallel()

	tests := []struct {
		class Class
		took  float64 // ms
		want  Health
	}{
		{Class2xx, 999, Fast},
		{Class2xx, 1000, Slow},
		{Class3xx, 1, Fast},
		{Class4xx, 1, Fast},
		{ClassAborted, 1500, Slow},
		{ClassConsent, 1, Fast},
		{Class5xx, 1, Failed},
		{ClassBusy, 1, Failed},
		{ClassConnection, 1, Failed},
		{ClassDNS, 1, Failed},
		{ClassTLS, 1, Failed},
		{ClassTimeout, 15000, Hung},
		{Class5xx, 1000, Hung},
		{ClassBlocked, 1, ""},
		{ClassInvalid, 0, ""},
		{ClassWithheld, 0, ""},
		{ClassUnreadable, 0, ""},
	}
	var seen []Class
	for _, tt := range tests {
		if got := healthOf(Result{Class: tt.class, Attempt: Attempt{Total: tt.took}}); got != tt.want {
			t.Errorf("health of %s after %v ms = %q, want %q", tt.class, tt.took, got, tt.want)
		}
		seen = append(seen, tt.class)
	}
	for _, c := range Classes() {
		if !slices.Contains(seen, c) {
			t.Errorf("class %s is not judged", c)
		}
	}
}

func TestClassOfStatus(t *testing.T) {
	t.Parallel()

	for code, want := range map[int]Class{
		200: Class2xx, 204: Class2xx, 101: Class3xx, 302: Class3xx, 404: Class4xx, 408: ClassBusy, 425: ClassBusy, 429: ClassBusy, 503: Class5xx, 600: Class3xx,
	} {
		if got := classOfStatus(code); got != want {
			t.Errorf("class of %d = %s, want %s", code, got, want)
		}
	}
	if r := resultOf(&http.Response{StatusCode: http.StatusGone, Header: http.Header{}}, time.Now()); r.Class != ClassAborted {
		t.Errorf("class of 410 = %s", r.Class)
	}
}

// Only a receiver that is overloaded holds its endpoint; another one that names a
// time speaks of its event.
func TestWhatHoldsAnEndpoint(t *testing.T) {
	t.Parallel()

	p := Policy{MaxElapsed: time.Hour}
	for code, want := range map[int]time.Duration{429: time.Minute, 503: time.Minute, 500: 0, 404: 0} {
		r := Result{Outcome: Retry, RetryAfter: time.Minute, Attempt: Attempt{Code: code}}
		if s := p.Settle(r, 1, time.Time{}, time.Now()); s.Hold != want {
			t.Errorf("after %d with Retry-After the endpoint is held for %v, want %v", code, s.Hold, want)
		}
	}
	r := Result{Outcome: Retry, Attempt: Attempt{Code: 503}}
	if s := p.Settle(r, 1, time.Time{}, time.Now()); s.Hold != 0 {
		t.Errorf("after 503 alone the endpoint is held for %v", s.Hold)
	}
}

// The same request of many answers is told to the other shards once.
func TestHoldsAreToldOnce(t *testing.T) {
	t.Parallel()

	var h holds
	now := time.Now()
	for n, tt := range []struct {
		endpoint string
		after    time.Duration
		want     bool
	}{{"a", time.Minute, true}, {"a", time.Minute, false}, {"b", time.Minute, true}, {"a", time.Minute + 500*time.Millisecond, false}, {"a", time.Hour, true}} {
		if got := h.begin(tt.endpoint, now.Add(tt.after), slackOfHold); got != tt.want {
			t.Errorf("hold %d of %s is told: %t, want %t", n, tt.endpoint, got, tt.want)
		}
	}
}
