package console_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A reader reads the events of a stream.
type reader struct {
	t     *testing.T
	lines *bufio.Scanner
	end   func()
}

// stream opens a stream as a browser does, which shows its cookie and where it was.
func stream(t *testing.T, srv *httptest.Server, cookie *http.Cookie, path, last string) (*reader, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(cookie)
	r.Header.Set("HX-Request", "true")
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	resp, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return &reader{t, bufio.NewScanner(resp.Body), cancel}, resp.StatusCode
}

// next returns the next event.
func (r *reader) next() (id, name, data string) {
	r.t.Helper()
	for r.lines.Scan() {
		field, value, _ := strings.Cut(r.lines.Text(), ": ")
		switch field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			data += value + "\n"
		case "":
			if id+name+data != "" {
				return id, name, data
			}
		}
	}
	r.t.Fatalf("the stream ended: %v", r.lines.Err())
	return "", "", ""
}

// A page of a conversation gets what is appended, once and in order, also after it was
// cut off, and is told that what stands beside has changed.
func TestConversationGrows(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	t.Cleanup(f.Close)
	id := f.append("ann", "", "Ann", "The first one. And another.").ConversationID
	ann := f.cookie("ann")
	page := f.do(ann, "GET", "/console/a/ann/conversations/"+id, nil).Body.String()
	_, follow, _ := strings.Cut(page, `hx-sse:connect="`)
	follow, _, found := strings.Cut(follow, `"`)
	if !found || !strings.HasSuffix(follow, "/live?after=2.0") {
		t.Fatalf("the page follows %q", follow)
	}
	events, status := stream(t, srv, ann, follow, "")
	if status != http.StatusOK {
		t.Fatalf("the stream is answered %d", status)
	}
	f.append("ann", id, "<b>Bob</b>", "Will it <i>work</i>?")
	at, _, data := events.next()
	if at != "3.1" || !strings.Contains(data, "Will it &lt;i&gt;work&lt;/i&gt;?") || !strings.Contains(data, "question") || strings.Contains(data, "The first one") {
		t.Errorf("the event %s is %s", at, data)
	}
	if _, name, _ := events.next(); name != "changed" {
		t.Errorf("the event after it is %q, want changed", name)
	}
	events.end()
	f.append("ann", id, "Ann", "Missed.")
	events, _ = stream(t, srv, ann, follow, at)
	at = ""
	for data = ""; at == ""; {
		at, _, data = events.next() // it may be told that something has changed before
	}
	if at != "4.1" || !strings.Contains(data, "Missed.") || strings.Contains(data, "work") {
		t.Errorf("after the cut the event %s is %s", at, data)
	}
}

// Streams of what is another account's do not begin, and those of one's own do.
func TestStreamsAreOwned(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	path := things(f, "ann")
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	t.Cleanup(f.Close)
	ann, bob := f.cookie("ann"), f.cookie("bob")
	streams := 0
	for _, route := range f.Routes() {
		_, pattern, _ := strings.Cut(route, " ")
		if !strings.HasSuffix(pattern, "/live") {
			continue
		}
		streams++
		for _, owner := range []string{"ann", "bob"} {
			if owner == "bob" && !strings.Contains(pattern, "{id}") {
				continue
			}
			if _, status := stream(t, srv, bob, "/console/a/"+owner+path(pattern), ""); status != http.StatusNotFound {
				t.Errorf("%s below %s is %d to bob, want 404", route, owner, status)
			}
		}
		after := ""
		if strings.HasPrefix(pattern, "/conversations/") {
			after = "?after=0.0" // so that there is something to tell
		}
		events, status := stream(t, srv, ann, "/console/a/ann"+path(pattern)+after, "")
		if status != http.StatusOK {
			t.Errorf("%s is %d to ann, want 200", route, status)
			continue
		}
		if _, _, data := events.next(); !strings.Contains(data, "<") {
			t.Errorf("%s tells %q", route, data)
		}
		events.end()
	}
	if streams < 5 {
		t.Errorf("%d streams were tried", streams)
	}
}

// A form takes effect once, however often it is sent, and what is wrong with it is said
// where it stands.
func TestAppendForm(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	id := f.append("ann", "", "Ann", "Hello.").ConversationID
	ann := f.cookie("ann")
	page := f.do(ann, "GET", "/console/a/ann/conversations/"+id, nil).Body.String()
	_, key, _ := strings.Cut(page, `name="key" value="`)
	key, _, _ = strings.Cut(key, `"`)
	target := "/console/a/ann/conversations/" + id + "/messages"
	for range 2 {
		got := f.do(ann, "POST", target, url.Values{"key": {key}, "speaker": {"Ann"}, "text": {"Once."}})
		if want := "/console/a/ann/conversations/" + id + "?done=appended"; got.Header().Get("Location") != want {
			t.Errorf("the form leads to %q, want %q", got.Header().Get("Location"), want)
		}
	}
	f.work()
	page = f.do(ann, "GET", "/console/a/ann/conversations/"+id, nil).Body.String()
	if n := strings.Count(page, `<p class="said">Once.</p>`); n != 1 {
		t.Errorf("the text stands there %d times, want 1", n)
	}
	for _, scripted := range []string{"", "true"} {
		got := f.do(ann, "POST", target, url.Values{"speaker": {"Ann"}, "text": {"  "}}, "HX-Request", scripted)
		if got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), "There is no text to append") {
			t.Errorf("an empty text is answered %d: %s", got.Code, got.Body)
		}
	}
	got := f.do(ann, "POST", target, url.Values{"text": {"By a script."}}, "HX-Request", "true")
	if got.Code != http.StatusOK || strings.Contains(got.Body.String(), "<html") || !strings.Contains(got.Body.String(), "<form") {
		t.Errorf("a script gets %d: %.300s", got.Code, got.Body)
	}
}
