package console_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/console"
	"github.com/turnwise/turnwise/internal/webhook"
)

// things are the ids of what an account has, by the route that names them.
func things(f *fixture, owner string) func(route string) string {
	receipt := f.append(owner, "", "Ann <i>Lee</i>", "<script>alert(1)</script> Can you call Dr. Okafor tomorrow? I'll send the contract today.")
	f.giveUp()
	endpoints, err := f.deps.Webhooks.Endpoints(f.t.Context(), owner)
	if err != nil || len(endpoints) != 1 {
		f.t.Fatalf("there are %d endpoints, %v", len(endpoints), err)
	}
	endpoint := endpoints[0]
	found, _, err := f.deps.Webhooks.Deliveries(f.t.Context(), owner, webhook.DeliveryQuery{JobID: receipt.JobID, Limit: 1})
	if err != nil || len(found) == 0 {
		f.t.Fatalf("there are %d deliveries, %v", len(found), err)
	}
	resend, err := f.deps.Webhooks.Start(f.t.Context(), webhook.Resend{Account: owner, Endpoint: endpoint.ID, Rate: 1})
	if err != nil {
		f.t.Fatal(err)
	}
	secrets, err := f.deps.Secrets.List(f.t.Context(), owner)
	if err != nil {
		f.t.Fatal(err)
	}
	ids := []struct{ in, id string }{
		{"/conversations/", receipt.ConversationID},
		{"/jobs/", receipt.JobID},
		{"/lanes/", receipt.ConversationID},
		{"/endpoints/", endpoint.ID},
		{"/deliveries/", found[0].Recorded},
		{"/resends/", resend.ID},
		{"/secrets/", secrets[0].ID},
	}
	return func(route string) string {
		for _, i := range ids {
			if strings.Contains(route, i.in) {
				route = strings.Replace(route, "{id}", i.id, 1)
			}
		}
		return strings.TrimSuffix(route, "{$}")
	}
}

// What is ann's is to bob like what does not exist, to the byte, at every address: below
// her account and below his own. His own pages are there.
func TestOwnership(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	path := things(f, "ann")
	bob, ann, operator := f.cookie("bob"), f.cookie("ann"), f.cookie(operatorToken)
	nothing := f.do(bob, "GET", "/console/a/bob/nothing", nil).Body.String()
	for _, route := range f.Routes() {
		method, pattern, _ := strings.Cut(route, " ")
		target := path(pattern)
		if strings.HasSuffix(target, "/live") {
			continue // see TestStreamsAreOwned
		}
		if got := f.do(bob, method, "/console/a/ann"+target, nil); got.Code != http.StatusNotFound || got.Body.String() != nothing {
			t.Errorf("%s of ann's is %d to bob, want 404 as for nothing", route, got.Code)
		}
		if strings.Contains(pattern, "{id}") {
			if got := f.do(bob, method, "/console/a/bob"+target, url.Values{"text": {"x"}}); got.Code != http.StatusNotFound {
				t.Errorf("%s with an id of ann's is %d to bob, want 404: %s", route, got.Code, got.Body)
			}
		}
		if method == http.MethodPost {
			continue
		}
		for name, cookie := range map[string]*http.Cookie{"ann": ann, "the operator": operator} {
			if got := f.do(cookie, method, "/console/a/ann"+target, nil); got.Code != http.StatusOK {
				t.Errorf("%s is %d to %s, want 200: %.300s", route, got.Code, name, got.Body)
			}
		}
	}
	if got := f.do(operator, "GET", "/console/a/carol/", nil); got.Code != http.StatusNotFound {
		t.Errorf("an account that does not exist is %d to the operator", got.Code)
	}
}

// No page has a tag that somebody sent, nor a secret, and each has the headers that keep
// it from loading anything.
func TestPagesAreSafe(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	path := things(f, "ann")
	ann := f.cookie("ann")
	for _, route := range f.Routes() {
		method, pattern, _ := strings.Cut(route, " ")
		if method == http.MethodPost || strings.HasSuffix(pattern, "/live") {
			continue
		}
		got := f.do(ann, method, "/console/a/ann"+path(pattern), nil)
		for _, bad := range []string{"<script>alert", "<i>", "<b>no", "whsec_", ">ann</code>", "style="} {
			if strings.Contains(got.Body.String(), bad) {
				t.Errorf("%s has %s", route, bad)
			}
		}
		h := got.Header()
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s has the policy %q", route, csp)
		}
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s has the headers %v", route, h)
		}
	}
	if page := f.do(ann, "GET", "/console/a/ann/conversations", nil).Body.String(); !strings.Contains(page, "Call &lt;i&gt;one&lt;/i&gt;") {
		t.Errorf("the name of the conversation is not shown as it is:\n%s", page)
	}
	if page := f.do(ann, "GET", "/console/a/ann/", nil).Body.String(); strings.Contains(page, "canary-of-redis") {
		t.Error("an account among others sees the Redis of the service")
	}
	if page := f.do(f.cookie(operatorToken), "GET", "/console/a/ann/", nil).Body.String(); !strings.Contains(page, "canary-of-redis") {
		t.Error("the operator does not see the Redis of the service")
	}
}

// Every action is refused without a session and from another origin, and otherwise has a
// line in the log.
func TestActionsAreGuarded(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	path := things(f, "ann")
	ann := f.cookie("ann")
	for route, name := range f.Actions() {
		_, pattern, _ := strings.Cut(route, " ")
		target := "/console/a/ann" + path(pattern)
		if got := f.do(nil, "POST", target, nil); got.Code != http.StatusSeeOther || !strings.HasPrefix(got.Header().Get("Location"), "/console/sign-in") {
			t.Errorf("%s is %d without a session, want the way to the form", route, got.Code)
		}
		if got := f.do(ann, "POST", target, nil, "Sec-Fetch-Site", "cross-site"); got.Code != http.StatusForbidden {
			t.Errorf("%s is %d from another site, want 403", route, got.Code)
		}
		if got := f.do(ann, "POST", target, nil, "Sec-Fetch-Site", "", "Origin", "https://evil.example"); got.Code != http.StatusForbidden {
			t.Errorf("%s is %d from another origin, want 403", route, got.Code)
		}
		if strings.Contains(strings.ReplaceAll(f.log.String(), `"`, ""), "action="+name+" ") {
			t.Fatalf("%s was done", name)
		}
	}
	for route, name := range f.Actions() {
		_, pattern, _ := strings.Cut(route, " ")
		before := len(f.log.String())
		f.do(ann, "POST", "/console/a/ann"+path(pattern), url.Values{"text": {"Well."}, "url": {hook}, "scheme": {"v1"}, "overlap": {"1"}, "id": {"x"}})
		line := f.log.String()[before:]
		if strings.Count(line, "console action") != 1 || !strings.Contains(strings.ReplaceAll(line, `"`, ""), "action="+name+" by=account ann") {
			t.Errorf("the line about %s is %q", name, line)
		}
	}
}

// A session is what the cookie says, as long as its token lasts and its time, in every
// process with the same key.
func TestSessions(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	ann := f.cookie("ann")
	if !ann.HttpOnly || ann.SameSite != http.SameSiteStrictMode || ann.Path != console.Root || ann.MaxAge != 12*3600 || ann.Secure {
		t.Errorf("the cookie is %v", ann)
	}
	if strings.Contains(ann.Value, "ann") {
		t.Errorf("the cookie %s can be read", ann.Value)
	}
	over := f.do(nil, "POST", "/console/sign-in", url.Values{"token": {"ann"}}, "X-Forwarded-Proto", "https")
	if c := over.Result().Cookies()[0]; !c.Secure {
		t.Error("the cookie of a page over TLS may go without it")
	}
	forged := *ann
	forged.Value = ann.Value[:len(ann.Value)-1] + map[bool]string{true: "A", false: "B"}[!strings.HasSuffix(ann.Value, "A")]
	short := f.options
	short.Session = time.Nanosecond
	other := f.options
	other.Key = [32]byte{2}
	tests := []struct {
		name   string
		c      *console.Console
		cookie *http.Cookie
		want   int
	}{
		{"its own", f.Console, ann, http.StatusOK},
		{"another process", f.another(f.options), ann, http.StatusOK},
		{"another key", f.another(other), ann, http.StatusSeeOther},
		{"forged", f.Console, &forged, http.StatusSeeOther},
		{"no cookie", f.Console, nil, http.StatusSeeOther},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/console/a/ann/settings", nil)
			if tt.cookie != nil {
				r.AddCookie(tt.cookie)
			}
			got := httptest.NewRecorder()
			tt.c.ServeHTTP(got, r)
			if got.Code != tt.want {
				t.Errorf("answered %d, want %d", got.Code, tt.want)
			}
		})
	}
	brief := f.another(short)
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/console/sign-in", strings.NewReader("token=ann"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := httptest.NewRecorder()
	brief.ServeHTTP(got, r)
	if got := f.do(got.Result().Cookies()[0], "GET", "/console/a/ann/settings", nil); got.Code != http.StatusSeeOther {
		t.Errorf("a session that is over is answered %d", got.Code)
	}
}

// Whoever tries tokens is slowed, and told nothing of what there is. A ticket signs in
// once.
func TestSignIn(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	path := f.Ticket("ann")
	for n, want := range []string{console.Root, ""} {
		got := f.do(nil, "GET", path, nil)
		if got.Header().Get("Location") != want || (len(got.Result().Cookies()) == 1) != (want != "") {
			t.Errorf("use %d of a ticket leads to %q with %v", n+1, got.Header().Get("Location"), got.Result().Cookies())
		}
	}
	for next, want := range map[string]string{
		"/console/a/ann/jobs?status=failed": "/console/a/ann/jobs?status=failed", "https://evil.example/console/": console.Root,
		"//evil.example/console/": console.Root, "/v1/jobs": console.Root, `/console/\evil`: console.Root, "javascript:alert(1)": console.Root,
	} {
		got := f.do(nil, "POST", "/console/sign-in", url.Values{"token": {"ann"}, "next": {next}})
		if to := got.Header().Get("Location"); to != want {
			t.Errorf("signing in for %s leads to %s, want %s", next, to, want)
		}
	}
	codes := map[int]int{}
	for range 30 {
		codes[f.do(nil, "POST", "/console/sign-in", url.Values{"token": {"guess"}}).Code]++
	}
	if codes[http.StatusUnauthorized] != 20 || codes[http.StatusTooManyRequests] != 10 {
		t.Errorf("30 guesses were answered %v, want 20 of them to be looked at", codes)
	}
	if strings.Contains(f.log.String(), "guess") {
		t.Errorf("the log has a token:\n%s", f.log.String())
	}
}
