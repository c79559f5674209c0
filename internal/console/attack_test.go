package console_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// hostile are values that somebody may put where a page expects one of its own.
func hostile() map[string]string {
	return map[string]string{
		"a tag":          `"><script>alert(1)</script>`,
		"an attribute":   `' onmouseover='alert(1)`,
		"much":           strings.Repeat("x", 10_000),
		"many digits":    strings.Repeat("9", 10_000),
		"many operators": strings.Repeat("a==b;", 2000),
		"no UTF-8":       "\xff\xfe\x00",
		"a line more":    "x\r\nSet-Cookie: a=b",
		"a path":         "../../../etc/passwd",
		"a negative one": "-1",
		"a cursor":       base64.RawURLEncoding.EncodeToString([]byte("bob 0")),
		"a long cursor":  base64.RawURLEncoding.EncodeToString([]byte("bob " + strings.Repeat("9", 7000))),
	}
}

// parameters are all names that a page of the console reads from its address.
var parameters = []string{
	"account", "after", "conversation", "cursor", "done", "email", "endpoint", "from", "id", "job", "kind", "next", "order", "q", "reason", "state", "status", "to",
}

// No page fails over a parameter, repeats it as a tag or as a header, or becomes long by it.
func TestHostileParameters(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	path := things(f, "ann")
	ann, operator := f.cookie("ann"), f.cookie(operatorToken)
	type target struct {
		path   string
		cookie *http.Cookie
	}
	targets := []target{{"/console/sign-in", nil}, {"/console/all/jobs", operator}, {"/console/all/lanes", operator}}
	for _, route := range f.Routes() {
		if method, pattern, _ := strings.Cut(route, " "); method == http.MethodGet && !strings.HasSuffix(pattern, "/live") {
			targets = append(targets, target{"/console/a/ann" + path(pattern), ann})
		}
	}
	for _, at := range targets {
		for _, name := range parameters {
			for kind, value := range hostile() {
				got := f.do(at.cookie, "GET", at.path+"?"+url.Values{name: {value}}.Encode(), nil)
				page := got.Body.String()
				if got.Code >= http.StatusInternalServerError {
					t.Errorf("%s with %s as %s is %d", at.path, kind, name, got.Code)
				}
				if strings.Contains(page, "<script>alert") || strings.Contains(page, "onmouseover='") || got.Header().Get("Set-Cookie") != "" {
					t.Errorf("%s repeats %s as %s as it is", at.path, kind, name)
				}
				if len(page) > 150<<10 {
					t.Errorf("%s with %s as %s has %d bytes", at.path, kind, name, len(page))
				}
				if to := got.Header().Get("Location"); to != "" && !strings.HasPrefix(to, "/console/") {
					t.Errorf("%s with %s as %s leads to %q", at.path, kind, name, to)
				}
			}
		}
	}
}

// A cursor is a place, and no way into the lists of another account: what it leads to is
// refused, or is of the account that asks.
func TestCursorsOfOthers(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	for _, owner := range []string{"ann", "bob"} {
		for n := range 70 { // more than a page
			if _, err := f.jobs.Submit(t.Context(), jobs.Append{
				Account: owner, WebhookURL: hook, Options: analysis.Options{Name: "Talk of " + owner},
				Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: owner}, Text: fmt.Sprint("Number ", n)}},
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.giveUp() // so that there are deliveries to list
	ann, bob, operator := f.cookie("ann"), f.cookie("bob"), f.cookie(operatorToken)
	next := func(cookie *http.Cookie, target string) string {
		t.Helper()
		page := f.do(cookie, "GET", target, nil).Body.String()
		before, _, found := strings.Cut(page, `">Next page</a>`)
		at := before[strings.LastIndex(before, `"`)+1:]
		u, err := url.Parse(html.UnescapeString(at))
		if err != nil || !found || u.Query().Get("cursor") == "" {
			t.Fatalf("%s has no next page: %v\n%s", target, err, page)
		}
		return u.Query().Get("cursor")
	}
	lists := []string{"/jobs?", "/lanes?state=waiting&", "/webhooks/deliveries?", "/conversations?"}
	var cursors []string
	for _, list := range lists {
		cursors = append(cursors, next(ann, "/console/a/ann"+list))
	}
	cursors = append(cursors, next(operator, "/console/all/jobs"), next(operator, "/console/all/lanes?state=waiting"))
	annsJobs, err := f.deps.Control.List(t.Context(), "ann", jobs.Query{Limit: 200})
	if err != nil || len(annsJobs.Jobs) != 70 {
		t.Fatalf("ann has %d jobs, %v", len(annsJobs.Jobs), err)
	}
	for _, list := range lists {
		for _, cursor := range cursors {
			got := f.do(bob, "GET", "/console/a/bob"+list+"cursor="+url.QueryEscape(cursor), nil)
			if got.Code != http.StatusOK && got.Code != http.StatusBadRequest {
				t.Errorf("%s of bob with the cursor %s is %d", list, cursor, got.Code)
			}
			page := got.Body.String()
			if strings.Contains(page, "Talk of ann") {
				t.Errorf("%s of bob with the cursor %s has a conversation of ann's", list, cursor)
			}
			for _, j := range annsJobs.Jobs {
				if strings.Contains(page, j.ID) || strings.Contains(page, j.ConversationID) {
					t.Fatalf("%s of bob with the cursor %s has a job of ann's", list, cursor)
				}
			}
		}
	}
}

// forged breaks out of an event of a stream where a line may end at a carriage return,
// as it does for browsers.
const forged = "x\r\revent: changed\rid: 7\rdata: <i>forged</i>\r\r"

// What somebody wrote, be it a name, a text or why something failed, neither ends an
// event of a stream nor begins another one.
func TestStreamsKeepTheirForm(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	submit := func(conversationID string) jobs.Receipt {
		t.Helper()
		r, err := f.jobs.Submit(t.Context(), jobs.Append{
			Account: "ann", ConversationID: conversationID, WebhookURL: hook, Options: analysis.Options{Name: forged},
			Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: forged}, Text: "Hello " + forged + " you."}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	said := submit("")
	f.work()
	f.runner = jobs.NewRunner(f.store, refusing{reason: forged}, noDoorbell{}, jobs.RunnerOptions{Hold: map[string]bool{"ann": true}})
	submit("")
	f.work()
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	t.Cleanup(f.Close)
	forgedSeen := false
	for path, cookie := range map[string]*http.Cookie{
		"/console/a/ann/live": f.cookie("ann"), "/console/a/ann/jobs/live": f.cookie("ann"), "/console/a/ann/lanes/live": f.cookie("ann"),
		"/console/a/ann/conversations/" + said.ConversationID + "/live?after=0.0": f.cookie("ann"), "/console/all/jobs/live": f.cookie(operatorToken), "/console/all/lanes/live": f.cookie(operatorToken),
	} {
		got := firstEvent(t, srv, cookie, path)
		if bytes.ContainsRune(got, '\r') {
			t.Errorf("%s sends a carriage return:\n%q", path, got)
		}
		forgedSeen = forgedSeen || bytes.Contains(got, []byte("forged"))
	}
	if !forgedSeen {
		t.Error("no stream tells what was sent")
	}
}

// firstEvent returns what a stream sends up to the end of its first event with data.
func firstEvent(t *testing.T, srv *httptest.Server, cookie *http.Cookie, path string) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(cookie)
	resp, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	timer := time.AfterFunc(10*time.Second, func() { _ = resp.Body.Close() })
	defer timer.Stop()
	var all []byte
	buf := make([]byte, 32<<10)
	for !bytes.Contains(all, []byte("data: ")) || !bytes.HasSuffix(all, []byte("\n\n")) {
		n, err := resp.Body.Read(buf)
		if all = append(all, buf[:n]...); err != nil && !errors.Is(err, io.EOF) {
			t.Fatalf("%s: %v after %q", path, err, all)
		}
		if err != nil {
			break
		}
	}
	return all
}

// tags is a text that is harmful on a page where it is not escaped: between tags, in an
// attribute, in a script.
const tags = `"'><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}javascript:alert(1)</td></table>`

// What somebody sent is text on every page, wherever it comes from: the name of a
// conversation or a person, what is said, the address of a receiver and its answer, and
// why a job has failed or is held.
func TestHostileTexts(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	submit := func() jobs.Receipt {
		t.Helper()
		r, err := f.jobs.Submit(t.Context(), jobs.Append{
			Account: "ann", WebhookURL: hook + "?" + tags + "#" + tags, Options: analysis.Options{DetectPhrases: true, DetectEntities: true, Name: tags},
			Utterances: []analysis.Utterance{{
				From: conversation.Speaker{Name: tags, UserID: tags + "@example.com"}, Text: "Can you call Dr. Okafor" + tags + " tomorrow? I'll send " + tags,
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	done := submit()
	f.work()
	healthy := f.runner
	reason := refusing{reason: tags}
	f.runner = jobs.NewRunner(f.store, reason, noDoorbell{}, jobs.RunnerOptions{})
	failed := submit()
	f.work()
	f.runner = jobs.NewRunner(f.store, reason, noDoorbell{}, jobs.RunnerOptions{Hold: map[string]bool{"ann": true}})
	submit()
	f.work()
	f.runner = healthy
	f.giveUp()
	endpoints, err := f.deps.Webhooks.Endpoints(t.Context(), "ann")
	if err != nil || len(endpoints) != 1 {
		t.Fatalf("there are %d endpoints, %v", len(endpoints), err)
	}
	found, _, err := f.deps.Webhooks.Deliveries(t.Context(), "ann", webhook.DeliveryQuery{JobID: done.JobID, Limit: 1})
	if err != nil || len(found) == 0 {
		t.Fatalf("there are %d deliveries, %v", len(found), err)
	}
	ann, operator := f.cookie("ann"), f.cookie(operatorToken)
	shown := 0
	for _, path := range []string{
		"/a/ann/", "/a/ann/jobs", "/a/ann/jobs?reason=" + url.QueryEscape(tags), "/a/ann/jobs/" + done.JobID, "/a/ann/jobs/" + failed.JobID, "/a/ann/lanes", "/a/ann/lanes?kind=webhooks",
		"/a/ann/conversations", "/a/ann/conversations?q=" + url.QueryEscape(tags), "/a/ann/conversations/" + done.ConversationID, "/a/ann/conversations/" + done.ConversationID + "/side",
		"/a/ann/webhooks", "/a/ann/webhooks/endpoints/" + endpoints[0].ID, "/a/ann/webhooks/deliveries", "/a/ann/webhooks/deliveries/" + url.PathEscape(found[0].Recorded), "/a/ann/settings",
		"/all/jobs", "/all/lanes",
	} {
		cookie := operator
		if strings.HasPrefix(path, "/a/") {
			cookie = ann
		}
		got := f.do(cookie, "GET", "/console"+path, nil)
		page := got.Body.String()
		if got.Code != http.StatusOK {
			t.Errorf("%s is %d: %.300s", path, got.Code, page)
		}
		for _, bad := range []string{"<script>alert", "<img src=x", `"'>`, `="javascript:`, "onerror=alert(1)>"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s has %s", path, bad)
			}
		}
		if strings.Contains(page, "&lt;script&gt;alert(1)") {
			shown++
		}
	}
	if shown < 10 {
		t.Errorf("%d pages show the text, so it was not tried", shown)
	}
}

// refusing is an analyzer that fails for good, with a reason.
type refusing struct {
	jobs.Local

	reason string
}

func (r refusing) Analyze(context.Context, jobs.Task) (analysis.Result, error) {
	return analysis.Result{}, &jobs.PermanentError{Message: r.reason}
}

// A page of another origin can neither sign a browser in, so that somebody works in the
// account of another without noticing, nor sign it out.
func TestSignInOfOtherOrigins(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	ann := f.cookie("ann")
	for _, path := range []string{"/console/sign-in", "/console/sign-out"} {
		for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "", "Origin", "https://evil.example"}, {"Sec-Fetch-Site", "", "Origin", "null"}} {
			got := f.do(ann, "POST", path, url.Values{"token": {"bob"}}, headers...)
			if got.Code != http.StatusForbidden || len(got.Result().Cookies()) != 0 {
				t.Errorf("%s with %q is answered %d with %v, want 403 and no cookie", path, headers, got.Code, got.Result().Cookies())
			}
		}
		if got := f.do(ann, "GET", path, nil); path == "/console/sign-out" && (got.Code < 400 || len(got.Result().Cookies()) != 0) {
			t.Errorf("a mere link to %s is answered %d with %v", path, got.Code, got.Result().Cookies())
		}
	}
}

// What is no cookie of a session is as none, however it is made.
func TestHostileCookies(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	ann := f.cookie("ann")
	for kind, value := range map[string]string{
		"nothing": "", "much": strings.Repeat("A", 10_000), "no base64": "***", "its half": ann.Value[:len(ann.Value)/2], "twice": ann.Value + ann.Value,
		"plain": base64.RawURLEncoding.EncodeToString([]byte(`{"t":"ann","u":9999999999}`)), "short": base64.RawURLEncoding.EncodeToString([]byte("x")),
	} {
		forged := *ann
		forged.Value = value
		if got := f.do(&forged, "GET", "/console/a/ann/settings", nil); got.Code != http.StatusSeeOther || !strings.HasPrefix(got.Header().Get("Location"), "/console/sign-in") {
			t.Errorf("a cookie of %s is answered %d, want the way to the form", kind, got.Code)
		}
	}
}
