package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/turnwise/turnwise/internal/account/tryout"
)

// TestErrors has one row or more per exit code; that of a failed job is in
// TestCommands.
func TestErrors(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		args    string
		stdin   string
		refuse  []refusal
		code    int
		message string
	}{
		{name: "no such command", args: "txt", code: exitUsage, message: `unknown command "txt" for "enqueue"`},
		{name: "no such flag", args: "job --wath x", code: exitUsage, message: `unknown flag: --wath; see "enqueue job --help"`},
		{name: "no id", args: "job", code: exitUsage, message: `expected the id of one job, got 0 arguments; see "enqueue job --help"`},
		{name: "two ids", args: "messages 1 2", code: exitUsage, message: `expected the id of one conversation, got 2 arguments; see "enqueue messages --help"`},
		{name: "two files", args: "text a b", code: exitUsage, message: `accepts at most 1 arg(s), received 2; see "enqueue text --help"`},
		{name: "output", args: "job x -o yaml", code: exitUsage, message: `--output is "yaml", want text or json; see "enqueue job --help"`},
		{name: "negative time limit", args: "job x --timeout -1s", code: exitUsage, message: `--timeout and --retry must not be negative; see "enqueue job --help"`},
		{name: "API and Redis", args: "job x --api http://h --redis-url redis://h", code: exitUsage, message: `--api and --redis-url exclude each other; see "enqueue job --help"`},
		{name: "address of Redis", args: "job x --redis-url http://h", code: exitUsage, message: "--redis-url: "},
		{name: "account", args: "job x --redis-url redis://127.0.0.1:1 --account a:b", code: exitUsage, message: "--account: "},
		{name: "Redis is away", args: "job x --redis-url redis://127.0.0.1:1", code: exitUnreachable, message: "Redis cannot be reached: "},
		{name: "address of the API", args: "job x --api localhost:8080", code: exitUsage, message: `the address of the API is "localhost:8080", want something like http://127.0.0.1:8080`},
		{name: "token with a line break", args: "job x --token a\nb", code: exitUsage, message: "the token has a control character in it, perhaps a line break"},
		{name: "key with a line break", args: "text --idempotency-key a\nb", stdin: "Hi.", code: exitUsage, message: "--idempotency-key has a control character in it, perhaps a line break"},
		{name: "nothing to do", args: "conversations", code: exitUsage, message: `what to do is missing: one of delete, get, list, update; see "enqueue conversations --help"`},
		{name: "no such thing to do", args: "groups lst", code: exitUsage, message: `unknown command "lst", want one of conversations, create, delete, get, list, update; see "enqueue groups --help"`},
		{name: "one id of two", args: "members update 1", code: exitUsage, message: `expected the id of a conversation and that of a member, got 1 arguments; see "enqueue members update --help"`},
		{name: "an empty id of two", args: "members update 1 ", code: exitUsage, message: `an id is empty; see "enqueue members update --help"`},
		{name: "no change of a member", args: "members update 1 m-1", code: exitUsage, message: "there is nothing to change; pass --name or --email"},
		{name: "no change of a conversation", args: "conversations update 1", code: exitUsage, message: "there is nothing to change; name it, for instance with --name or --metadata"},
		{name: "no pair", args: "conversations update 1 --metadata a", code: exitUsage, message: `--metadata is "a", want KEY=VALUE`},
		{name: "an ETag for labels", args: "conversations update 1 --label a=b --if-match x", code: exitUsage, message: "--if-match has no effect on labels alone"},
		{name: "no time", args: "conversations list --since yesterday", code: exitUsage, message: `--since is "yesterday", want a time such as`},
		{name: "all of some", args: "conversations list --all --limit 3", code: exitUsage, message: "--all excludes --limit and --offset"},
		{name: "no order", args: "conversations list --all --order up", code: exitUsage, message: `--order is "up", want asc or desc`},
		{name: "nobody to ask", args: "conversations delete 1", code: exitUsage, message: "nobody can be asked here; pass --yes to delete"},
		{name: "delete of the unknown", args: "conversations delete 1 --yes", code: exitNotFound, message: "not found: The conversationId is either invalid or does not exist."},
		{name: "no format", args: "transcript 1 --format doc", code: exitUsage, message: `--format is "doc", want md or srt`},
		{name: "tracker without terms", args: "trackers create N", code: exitUsage, message: "a tracker needs a NAME and at least one --vocabulary, or a --file"},
		{name: "tracker with two names", args: "trackers create N --file -", code: exitUsage, message: "--file has the name of the tracker; leave NAME out"},
		{name: "tracker said twice", args: "trackers create --file - --vocabulary a", code: exitUsage, message: "--file and --vocabulary exclude each other"},
		{name: "tracker from something else", args: "trackers create --file -", stdin: "Discount", code: exitUsage, message: "--file - is not JSON"},
		{name: "no change of a tracker", args: "trackers update t-1", code: exitUsage, message: "there is nothing to change; name it, for instance with --name or --vocabulary"},
		{name: "misspelt change of a tracker", args: "trackers update t-1 --file -", stdin: `{"vocabluary":[]}`, code: exitUsage, message: `--file -: json: unknown field "vocabluary"`},
		{name: "group without criteria", args: "groups create N", code: exitUsage, message: "a group needs --criteria"},
		{name: "no change of a group", args: "groups update g-1", code: exitUsage, message: "there is nothing to change; name it, for instance with --criteria"},
		{name: "unknown member", args: "members update " + conversationID + " m-2 --email x@y.org", code: exitNotFound, message: "not found: the conversation has no member with this id"},
		{name: "no such file", args: "text /nowhere", code: exitUsage, message: "open /nowhere: no such file or directory"},
		{name: "nothing to send", args: "text", stdin: " \n", code: exitUsage, message: "standard input is empty"},
		{name: "names without text", args: "text", stdin: "Ana:\n", code: exitUsage, message: "the input has names but no text"},
		{name: "not UTF-8", args: "text", stdin: "caf\xe9", code: exitUsage, message: "standard input is not UTF-8; convert it first, for instance with iconv"},
		{name: "broken JSON", args: "text", stdin: "{]", code: exitUsage, message: "the input begins with { but is not a JSON object: invalid character ']' looking for beginning of object key string"},
		{name: "empty conversation", args: "text --conversation= -", stdin: "Hi.", code: exitUsage, message: "--conversation is empty; leave it out to begin a new conversation"},
		{name: "refused", args: "text", stdin: "{}", code: exitRefused, message: `the API refused the request (400): "messages" is required`},
		{name: "job unknown", args: "job x", code: exitNotFound, message: "not found: The jobId is either invalid or does not exist."},
		{name: "id that must not lead elsewhere", args: "job a/attempts?x", code: exitNotFound, message: "not found: The jobId is either invalid or does not exist."},
		{name: "conversation unknown", args: "conversation 1", code: exitNotFound, message: "not found: The conversationId is either invalid or does not exist."},
		{name: "append to the unknown", args: "text -c 1", stdin: "Hi.", code: exitNotFound, message: "not found: The conversationId is either invalid or does not exist."},
		{name: "messages of the unknown", args: "messages 1 --follow", code: exitNotFound, message: "not found: The conversationId is either invalid or does not exist."},
		{
			name: "token", args: "job x --token other", code: exitUnauthorized,
			message: "the API refused the token (401): Token validation failed for provided token.; pass another one with --token or TURNWISE_TOKEN",
		},
		{name: "broken API", args: "job x", refuse: []refusal{{500, "Something went wrong.", ""}}, code: exitUnreachable, message: "the API cannot serve the request now (500): Something went wrong."},
		{name: "busy, with no time for retries", args: "job x --retry 0", refuse: []refusal{{429, "Later.", ""}}, code: exitRefused, message: "the API refused the request (429): Later."},
		{name: "away for longer than the retries last", args: "job x", refuse: []refusal{{503, "Later.", "60"}}, code: exitUnreachable, message: "the API cannot serve the request now (503): Later."},
		{name: "redirected", args: "job x", refuse: []refusal{{302, "", ""}}, code: exitUnexpected, message: "the address answers 302 (Found); is --api the address of Turnwise?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f := newFakeAPI(t)
			f.refuse = tt.refuse
			args := strings.Split(tt.args, " ")
			got := f.enqueue(t, tt.stdin, args...)
			if got.code != tt.code || got.stdout != "" || !strings.HasPrefix(got.stderr, "enqueue: "+tt.message) {
				t.Errorf("enqueue %s = %+v, want code %d and %q", tt.args, got, tt.code, tt.message)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	f.Close()
	got := f.enqueue(t, "Hi.", "text", "--retry", "250ms")
	if got.code != exitUnreachable || got.stdout != "" {
		t.Errorf("got %+v, want code %d", got, exitUnreachable)
	}
	lines := strings.Split(got.stderr, "\n")
	if len(lines) != 3 || !strings.HasSuffix(lines[0], "; trying again for 250ms") || !strings.HasSuffix(lines[1], "connection refused; is it running?") {
		t.Errorf("stderr: got %q, want one line about trying again and one about the end", lines)
	}
}

func TestNotTheAPI(t *testing.T) {
	t.Parallel()

	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html>"))
	}))
	t.Cleanup(page.Close)
	got := enqueue(t, environment{"TURNWISE_API": page.URL, "TURNWISE_DATA_DIR": t.TempDir()}, "", "job", "x")
	want := result{exitUnexpected, "", "enqueue: the answer is not that of the Turnwise API: GET /v1/job/x (200 OK); is --api the address of Turnwise?\n"}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestRedirectsAreNotFollowed: the token must not go where an answer points.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	elsewhere := httptest.NewServer(http.RedirectHandler(f.URL+"/v1/job/"+jobID, http.StatusFound))
	t.Cleanup(elsewhere.Close)
	got := f.enqueue(t, "", "job", jobID, "--api", elsewhere.URL)
	if got.code != exitUnexpected || len(f.calls) != 0 {
		t.Errorf("got %+v and the calls %q, want code %d and none", got, f.calls, exitUnexpected)
	}
}

func TestColour(t *testing.T) {
	t.Parallel()

	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = device.Close() })
	onDevice := app{lookup: environment{}.lookup, io: stdio{out: device}}
	if got, want := onDevice.output().paint("completed", good), "\x1b[32mcompleted\x1b[0m"; got != want {
		t.Errorf("on a device: got %q, want %q", got, want)
	}
	plainDevice := app{lookup: environment{"NO_COLOR": "1"}.lookup, io: stdio{out: device}}
	toMemory := app{lookup: environment{}.lookup, io: stdio{out: &bytes.Buffer{}}}
	for _, a := range []app{plainDevice, toMemory} {
		if got := a.output().paint("completed", good); got != "completed" {
			t.Errorf("with NO_COLOR, or in memory: got %q, want no colour", got)
		}
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	f.jobs[jobID] = []string{jobDocument("scheduled", "")}
	got := f.enqueue(t, "", "job", jobID, "--watch", "--timeout", "100ms")
	want := result{exitTimeout, "scheduled    0s\n", "enqueue: gave up after 100ms (--timeout)\n"}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	f.jobs[jobID] = []string{jobDocument("scheduled", "")}
	ctx, interrupt := context.WithCancel(t.Context())
	var stderr bytes.Buffer
	env := environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": token, "TURNWISE_DATA_DIR": t.TempDir()}
	stdout := writerFunc(func(p []byte) (int, error) {
		interrupt() // once the first status is shown
		return len(p), nil
	})
	code := run(ctx, []string{"job", jobID, "--watch"}, env.lookup, stdio{strings.NewReader(""), stdout, &stderr})
	if code != exitInterrupted || stderr.String() != "enqueue: interrupted\n" {
		t.Errorf("got %d and %q, want %d and that it was interrupted", code, stderr.String(), exitInterrupted)
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestBrokenStreams(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	env := environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": token, "TURNWISE_DATA_DIR": t.TempDir()}
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"text"}, env.lookup, stdio{iotest.ErrReader(os.ErrClosed), &stdout, &stderr})
	if want := "enqueue: read standard input: file already closed\n"; code != exitUnexpected || stderr.String() != want {
		t.Errorf("broken input: got %d and %q, want %d and %q", code, stderr.String(), exitUnexpected, want)
	}
	stderr.Reset()
	full := writerFunc(func([]byte) (int, error) { return 0, os.ErrClosed })
	code = run(t.Context(), []string{"job", jobID}, env.lookup, stdio{strings.NewReader(""), full, &stderr})
	if want := "enqueue: write the result: file already closed\n"; code != exitUnexpected || stderr.String() != want {
		t.Errorf("broken output: got %d and %q, want %d and %q", code, stderr.String(), exitUnexpected, want)
	}
}

// TestTryoutIsFound checks that address and token come from the try-out, and
// that its token goes to no other server.
func TestTryoutIsFound(t *testing.T) {
	t.Parallel()

	f, other := newFakeAPI(t), newFakeAPI(t)
	dir := t.TempDir()
	if err := tryout.WriteState(dir, tryout.State{API: f.URL, Token: token}); err != nil {
		t.Fatal(err)
	}
	localhost := strings.Replace(f.URL, "127.0.0.1", "localhost", 1)
	tests := []struct {
		name string
		args []string
		code int
	}{
		{name: "by itself", code: exitOK},
		{name: "by another name", args: []string{"--api", localhost}, code: exitOK},
		{name: "another server", args: []string{"--api", other.URL}, code: exitUnauthorized},
		{name: "another token", args: []string{"--token", "x"}, code: exitUnauthorized},
		{name: "another directory", args: []string{"--data-dir", t.TempDir(), "--api", f.URL}, code: exitUnauthorized},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := enqueue(t, environment{"TURNWISE_DATA_DIR": dir}, "", append(tt.args, "job", jobID)...)
			if got.code != tt.code {
				t.Errorf("got %+v, want code %d", got, tt.code)
			}
		})
	}
}

func TestTryoutIsBroken(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "worker.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": token, "TURNWISE_DATA_DIR": dir}
	got := enqueue(t, env, "", "job", jobID)
	if got.code != exitOK || !strings.Contains(got.stderr, "going on without it") {
		t.Errorf("got %+v, want success and a warning", got)
	}
}
