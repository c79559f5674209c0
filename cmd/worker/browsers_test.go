package main

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A hundred browsers on the overview of the operator, which has all there is, cost a
// process a twentieth of a core and 50 commands of Redis a second at most: beside what it
// does without them, when there is nothing to do and when there is.
func TestHundredBrowsers(t *testing.T) {
	if !long() {
		t.Skip("it takes a minute; see CONTRIBUTING.md")
	}
	const operator = "the-operator-has-this"
	for name, pause := range map[string]time.Duration{"quiet": 0, "50 appends a second": 20 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			server := redistest.Server(t)
			w := startWorker(t, "REDIS_URL="+server.URL(), "CONSOLE_OPERATOR_TOKEN="+operator)
			c := newClient(w)
			c.append("", "Hello.", "http://127.0.0.1:9/nobody-listens") // an endpoint in trouble
			keepAppending(t, c, pause)
			before := costOf(t, w, server)
			watchOverview(t, c, c.signIn(operator), 100)
			with := costOf(t, w, server)
			t.Logf("without browsers %.1f commands a second and %.2f %% of a core, with a hundred of them %.1f and %.2f %%: they cost %.1f and %.2f %%",
				before.commands, before.cpu, with.commands, with.cpu, with.commands-before.commands, with.cpu-before.cpu)
			if with.commands-before.commands > 50 || with.cpu-before.cpu > 5 {
				t.Error("they cost more than 50 commands a second and 5 % of a core")
			}
		})
	}
}

// keepAppending appends to a few conversations until the test ends.
func keepAppending(t *testing.T, c *client, pause time.Duration) {
	if pause == 0 {
		return
	}
	var work sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(work.Wait)
	t.Cleanup(cancel)
	var conversations []string
	for range 20 {
		conversations = append(conversations, c.append("", "Hello.", "").ConversationID)
	}
	work.Go(func() {
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if a, err := c.submit(ctx, conversations[n%len(conversations)], body("Shall we ship on Friday?", "")); ctx.Err() == nil && (err != nil || a.status != http.StatusCreated) {
				t.Errorf("an append was answered %d, %v", a.status, err)
				return
			}
		}
	})
}

// A cost is what a second takes.
type cost struct{ commands, cpu float64 } // of Redis, scripts included; in hundredths of a core

// costOf measures a worker and its Redis for a while, once they have settled.
func costOf(t *testing.T, w *workerProcess, server *redistest.Process) cost {
	t.Helper()
	time.Sleep(7 * time.Second) // until no shard is active that need not be
	commands, cpu, begun := commandsOf(t.Context(), t, server.Client()), cpuOf(t, w.cmd.Process.Pid), time.Now()
	time.Sleep(12 * time.Second)
	took := time.Since(begun).Seconds()
	return cost{
		float64(commandsOf(t.Context(), t, server.Client())-commands) / took,
		100 * (cpuOf(t, w.cmd.Process.Pid) - cpu).Seconds() / took,
	}
}

// signIn signs in to the console, and returns the cookie.
func (c *client) signIn(token string) string {
	c.t.Helper()
	once := &http.Client{Transport: c.http.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := once.PostForm(c.base+"/console/sign-in", url.Values{"token": {token}})
	if err != nil {
		c.t.Fatal(err)
	}
	_ = resp.Body.Close() // only the cookie counts
	cookies := resp.Cookies()
	if len(cookies) != 1 {
		c.t.Fatalf("signing in was answered %s", resp.Status)
	}
	return cookies[0].Name + "=" + cookies[0].Value
}

// watchOverview follows the overview as so many browsers do, until the test ends, and
// returns once all of them were told something.
func watchOverview(t *testing.T, c *client, cookie string, browsers int) {
	t.Helper()
	var all, told sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(all.Wait)
	t.Cleanup(cancel)
	endless := &http.Client{Transport: c.http.Transport}
	for range browsers {
		told.Add(1)
		all.Go(func() {
			first := sync.OnceFunc(told.Done)
			defer first()
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/console/a/default/live", nil)
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Cookie", cookie)
			resp, err := endless.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			var b [8]byte
			n, _ := io.ReadFull(resp.Body, b[:])
			if got := string(b[:n]); resp.StatusCode != http.StatusOK || !strings.HasPrefix(got, "data: ") {
				t.Errorf("the stream was answered %s and begins with %q", resp.Status, got)
			}
			first()
			_, _ = io.Copy(io.Discard, resp.Body) // until the test ends
		})
	}
	told.Wait()
}
