package edge_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/httpapi/tokens"
	"github.com/turnwise/turnwise/internal/jobs"
)

// sendings is how often each client is answered early: 10 times each of the bodies, or
// 30 with TURNWISE_TEST_LONG.
var sendings = map[bool]int{false: 10, true: 30}[os.Getenv("TURNWISE_TEST_LONG") != ""]

// A sending is a body that is refused before it was read.
type sending struct {
	name, token, form string
	bytes, status     int
}

var earlyAnswers = []sending{
	{"wrong token", "eve", "plain", 900_000, 401},
	{"wrong token, chunked", "eve", "chunked", 900_000, 401},
	{"wrong token, 100-continue", "eve", "expect", 900_000, 401},
	{"large", "ann", "plain", 8 << 20, 413},
	{"large, chunked", "ann", "chunked", 8 << 20, 413},
	{"large, 100-continue", "ann", "expect", 8 << 20, 413},
	{"store away", "zoe", "plain", 900_000, 503},
}

// TestClientsThatSendFirst checks that clients as they are in use get the
// answer to a body that was refused unread, each time.
func TestClientsThatSendFirst(t *testing.T) {
	t.Parallel()

	l := httptest.NewUnstartedServer(nil)
	l.Config = httpapitest.NewFull().API(httpapi.Options{Tokens: brokenTokens{}}).NewServer()
	l.Start()
	t.Cleanup(l.Close)
	senders := []struct {
		name string
		send func(*testing.T, string, sending) []string
	}{
		{"curl", byCurl},
		{"Go", byGo},
		{"Node fetch", byScript("node", "sender.mjs", "fetch")},
		{"Node http", byScript("node", "sender.mjs", "http")},
		{"Python urllib", byScript("python3", "sender.py", "urllib")},
		{"Python http.client", byScript("python3", "sender.py", "http.client")},
		{"Python requests", byScript("python3", "sender.py", "requests")},
	}
	for _, by := range senders {
		t.Run(by.name, func(t *testing.T) {
			t.Parallel()

			for _, s := range earlyAnswers {
				t.Run(s.name, func(t *testing.T) {
					got := map[string]int{}
					for _, status := range by.send(t, l.URL+"/v1/process/text", s) {
						got[status]++
					}
					if want := strconv.Itoa(s.status); got[want] != sendings {
						t.Errorf("%d of %d answers were %s; all: %v", got[want], sendings, want, got)
					}
				})
			}
		})
	}
}

// brokenTokens knows that eve's token is nobody's, and of others not a thing.
type brokenTokens struct{ tokens.Tokens }

func (brokenTokens) ByToken(_ context.Context, token string) (account.Account, error) {
	if token == "eve" {
		return account.Account{}, account.ErrUnknownToken
	}
	return account.Account{}, jobs.ErrUnavailable
}

// skipWithout skips the test, or fails it where everything has to be there.
func skipWithout(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// byScript returns what runs a script of testdata/senders, which sends often.
func byScript(interpreter, script, client string) func(*testing.T, string, sending) []string {
	return func(t *testing.T, url string, s sending) []string {
		t.Helper()
		if client == "fetch" && s.form == "expect" {
			t.Skip("fetch cannot send Expect")
		}
		path, err := exec.LookPath(interpreter)
		if err != nil {
			skipWithout(t, interpreter+" is not installed")
		}
		if client == "requests" {
			path = withRequests(t)
		}
		out, err := exec.CommandContext(t.Context(), path, "testdata/senders/"+script, client, url, s.token,
			strconv.Itoa(s.bytes), s.form, strconv.Itoa(sendings)).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
		return strings.Split(strings.TrimSpace(string(out)), "\n")
	}
}

// withRequests returns a python3 that has the requests package.
func withRequests(t *testing.T) string {
	t.Helper()
	for _, path := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), path, "-c", "import requests").Run() == nil {
			return path
		}
	}
	skipWithout(t, "there is no python3 with the package requests")
	return ""
}

func byCurl(t *testing.T, url string, s sending) (statuses []string) {
	t.Helper()
	path, err := exec.LookPath("curl")
	if err != nil {
		skipWithout(t, "curl is not installed")
	}
	body := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(body, make([]byte, s.bytes), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{
		"-s", "-S", "-o", "-", "-w", "\n%{http_code}\n", "-X", "POST", "--data-binary", "@" + body,
		"-H", "Authorization: Bearer " + s.token, "-H", "Content-Type: application/json",
	}
	switch s.form {
	case "expect":
		args = append(args, "-H", "Expect: 100-continue")
	case "chunked":
		args = append(args, "-H", "Expect:", "-H", "Transfer-Encoding: chunked")
	default:
		args = append(args, "-H", "Expect:")
	}
	// One process, which sends as often as the brackets say.
	out, _ := exec.CommandContext(t.Context(), path, append(args, fmt.Sprintf("%s?[1-%d]", url, sendings))...).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "{") {
			statuses = append(statuses, line)
		}
	}
	return statuses
}

func byGo(t *testing.T, url string, s sending) (statuses []string) {
	t.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	for range sendings {
		var body io.Reader = bytes.NewReader(make([]byte, s.bytes))
		if s.form == "chunked" {
			body = io.MultiReader(body) // of which the length is not known
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+s.token)
		r.Header.Set("Content-Type", "application/json")
		if s.form == "expect" {
			r.Header.Set("Expect", "100-continue")
		}
		answer, err := transport.RoundTrip(r)
		if err != nil {
			statuses = append(statuses, err.Error())
			continue
		}
		_, err = io.Copy(io.Discard, answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil {
			statuses = append(statuses, err.Error())
			continue
		}
		statuses = append(statuses, strconv.Itoa(answer.StatusCode))
	}
	return statuses
}
