package webhook

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A receiver is asked before its first event, and gets events only once it has
// consented: then it is not asked again for an hour.
func TestSendAsksForConsent(t *testing.T) {
	t.Parallel()

	const origin = "turnwise.example.com"
	tests := []struct {
		name    string
		code    int
		allowed string // as the receiver says it
		want    Outcome
	}{
		{"everybody", 204, "*", Delivered},
		{"the origin", 200, origin, Delivered},
		{"the origin, in capitals", 200, strings.ToUpper(origin), Delivered},
		{"a receiver that has no other use for OPTIONS", 405, origin, Delivered},
		{"another origin", 200, "other.example.com", Retry},
		{"nothing said", 200, "", Retry},
		{"refused", 403, "", Retry},
		{"sent elsewhere", 302, "", Retry},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var methods []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				methods = append(methods, r.Method)
				if r.Method != http.MethodOptions {
					return
				}
				if asks := r.Header.Get("WebHook-Request-Origin"); asks != origin || r.Header.Get("Webhook-Signature") != "" || r.URL.EscapedPath() != "/a%2Fb" {
					t.Errorf("asked in the name of %q at %s with %v", asks, r.URL.EscapedPath(), r.Header)
				}
				if tt.allowed != "" {
					w.Header().Set("WebHook-Allowed-Origin", tt.allowed)
				}
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.code)
			}))
			t.Cleanup(server.Close)
			sender := NewSender(fixed(func(string) []Secret { return []Secret{mustParse(t, NewSecret())} }), NewGuard(loopback()), SenderOptions{Origin: origin})
			t.Cleanup(sender.Close)

			first := sender.Send(t.Context(), event(server.URL+"/a%2Fb"), 1)
			second := sender.Send(t.Context(), event(server.URL+"/a%2Fb"), 2)

			want, class, code := "OPTIONS POST POST", Class2xx, 200
			if tt.want != Delivered {
				want, class, code = "OPTIONS OPTIONS", ClassConsent, tt.code // asked anew
			}
			if got := strings.Join(methods, " "); got != want {
				t.Errorf("the receiver got %s, want %s", got, want)
			}
			for _, r := range []Result{first, second} {
				if r.Outcome != tt.want || r.Class != class || r.Attempt.Code != code || (r.Attempt.Error == "") != (tt.want == Delivered) {
					t.Errorf("got %+v, want %s, %s and %d", r, tt.want, class, code)
				}
			}
		})
	}
}

// The question goes where events may go, and nowhere else.
func TestConsentIsAskedThroughTheGuard(t *testing.T) {
	t.Parallel()

	server, got := newReceiver(t, httptest.NewServer)
	sender := NewSender(fixed(func(string) []Secret { return []Secret{mustParse(t, NewSecret())} }), NewGuard(nil), SenderOptions{Origin: "turnwise.example.com"})
	t.Cleanup(sender.Close)

	r := sender.Send(t.Context(), event(server.URL+"/hook"), 1)

	if r.Outcome != Dead || r.Class != ClassBlocked || len(got) != 0 {
		t.Errorf("got %+v, and the receiver %d requests; want it blocked", r, len(got))
	}
}

func TestConsentEnds(t *testing.T) {
	t.Parallel()

	c, now := newConsents("turnwise.example.com"), time.Now()
	c.until.Add("https://receiver.test/", now.Add(consentTime))
	if !c.given("https://receiver.test/", now.Add(consentTime-1)) || c.given("https://receiver.test/", now.Add(consentTime)) || c.given("https://other.test/", now) {
		t.Error("a consent counts for its URL, and for an hour")
	}
	if newConsents("") != nil {
		t.Error("without an origin somebody is asked")
	}
}
