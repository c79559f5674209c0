package cli_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/turnwise/turnwise/internal/cli"
	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// TestErrors has one row or more per exit code. That of a failed job is in
// TestCommands of package jobs.
func TestErrors(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		args    string
		stdin   string
		refuse  []clitest.Refusal
		code    int
		message string
	}{
		{name: "no such command", args: "txt", code: exit.Usage, message: `unknown command "txt" for "enqueue"`},
		{name: "no such flag", args: "job --wath x", code: exit.Usage, message: `unknown flag: --wath; see "enqueue job --help"`},
		{name: "no id", args: "job", code: exit.Usage, message: `expected the id of one job, got 0 arguments; see "enqueue job --help"`},
		{name: "two ids", args: "messages 1 2", code: exit.Usage, message: `expected the id of one conversation, got 2 arguments; see "enqueue messages --help"`},
		{name: "two files", args: "text a b", code: exit.Usage, message: `accepts at most 1 arg(s), received 2; see "enqueue text --help"`},
		{name: "output", args: "job x -o yaml", code: exit.Usage, message: `--output is "yaml", want text or json; see "enqueue job --help"`},
		{name: "negative time limit", args: "job x --timeout -1s", code: exit.Usage, message: `--timeout and --retry must not be negative; see "enqueue job --help"`},
		{name: "API and Redis", args: "job x --api http://h --redis-url redis://h", code: exit.Usage, message: `--api and --redis-url exclude each other; see "enqueue job --help"`},
		{name: "address of Redis", args: "job x --redis-url http://h", code: exit.Usage, message: "--redis-url: "},
		{name: "account", args: "job x --redis-url redis://127.0.0.1:1 --account a:b", code: exit.Usage, message: "--account: "},
		{name: "Redis is away", args: "job x --redis-url redis://127.0.0.1:1", code: exit.Unreachable, message: "Redis cannot be reached: "},
		{name: "address of the API", args: "job x --api localhost:8080", code: exit.Usage, message: `the address of the API is "localhost:8080", want it with http:// or https:// in front, such as "http://localhost:8080"`},
		{name: "token with a line break", args: "job x --token a\nb", code: exit.Usage, message: "the token has a control character in it, perhaps a line break"},
		{name: "key with a line break", args: "text --idempotency-key a\nb", stdin: "Hi.", code: exit.Usage, message: "--idempotency-key has a control character in it, perhaps a line break"},
		{name: "nothing to do", args: "conversations", code: exit.Usage, message: `what to do is missing: one of delete, get, list, update; see "enqueue conversations --help"`},
		{name: "no such thing to do", args: "groups lst", code: exit.Usage, message: `unknown command "lst", want one of conversations, create, delete, get, list, update; see "enqueue groups --help"`},
		{name: "one id of two", args: "members update 1", code: exit.Usage, message: `expected the id of a conversation and that of a member, got 1 arguments; see "enqueue members update --help"`},
		{name: "an empty id of two", args: "members update 1 ", code: exit.Usage, message: `an id is empty; see "enqueue members update --help"`},
		{name: "no change of a member", args: "members update 1 m-1", code: exit.Usage, message: "there is nothing to change; pass --name or --email"},
		{name: "no change of a conversation", args: "conversations update 1", code: exit.Usage, message: "there is nothing to change; name it, for instance with --name or --metadata"},
		{name: "no pair", args: "conversations update 1 --metadata a", code: exit.Usage, message: `--metadata is "a", want KEY=VALUE`},
		{name: "an ETag for labels", args: "conversations update 1 --label a=b --if-match x", code: exit.Usage, message: "--if-match has no effect on labels alone"},
		{name: "no time", args: "conversations list --since yesterday", code: exit.Usage, message: `--since is "yesterday", want a time such as`},
		{name: "all of some", args: "conversations list --all --limit 3", code: exit.Usage, message: "--all excludes --limit and --offset"},
		{name: "no order", args: "conversations list --all --order up", code: exit.Usage, message: `--order is "up", want asc or desc`},
		{name: "nobody to ask", args: "conversations delete 1", code: exit.Usage, message: "nobody can be asked here; pass --yes to delete"},
		{name: "delete of the unknown", args: "conversations delete 1 --yes", code: exit.NotFound, message: "not found: The conversationId is either invalid or does not exist."},
		{name: "no format", args: "transcript 1 --format doc", code: exit.Usage, message: `--format is "doc", want md or srt`},
		{name: "tracker without terms", args: "trackers create N", code: exit.Usage, message: "a tracker needs a NAME and at least one --vocabulary, or a --file"},
		{name: "tracker with two names", args: "trackers create N --file -", code: exit.Usage, message: "--file has the name of the tracker; leave NAME out"},
		{name: "tracker said twice", args: "trackers create --file - --vocabulary a", code: exit.Usage, message: "--file and --vocabulary exclude each other"},
		{name: "tracker from something else", args: "trackers create --file -", stdin: "Discount", code: exit.Usage, message: "--file - is not JSON"},
		{name: "no change of a tracker", args: "trackers update t-1", code: exit.Usage, message: "there is nothing to change; name it, for instance with --name or --vocabulary"},
		{name: "misspelt change of a tracker", args: "trackers update t-1 --file -", stdin: `{"vocabluary":[]}`, code: exit.Usage, message: `--file -: json: unknown field "vocabluary"`},
		{name: "group without criteria", args: "groups create N", code: exit.Usage, message: "a group needs --criteria"},
		{name: "no change of a group", args: "groups update g-1", code: exit.Usage, message: "there is nothing to change; name it, for instance with --criteria"},
		{name: "unknown member", args: "members update " + clitest.ConversationID + " m-2 --email x@y.org", code: exit.NotFound, message: "not found: the conversation has no member with this id"},
		{name: "no such file", args: "text /nowhere", code: exit.Usage, message: "open /nowhere: no such file or directory"},
		{name: "nothing to send", args: "text", stdin: " \n", code: exit.Usage, message: "standard input is empty"},
		{name: "names without text", args: "text", stdin: "Ana:\n", code: exit.Usage, message: "the input has names but no text"},
		{name: "not UTF-8", args: "text", stdin: "caf\xe9", code: exit.Usage, message: "standard input is not UTF-8; convert it first, for instance with iconv"},
		{name: "broken JSON", args: "text", stdin: "{]", code: exit.Usage, message: "the input begins with { but is not a JSON object: invalid character ']' looking for beginning of object key string"},
		{
			name: "JSON that is no body", args: "text", stdin: `[{"a":1}]`, code: exit.Usage,
			message: `the input is a JSON array, which is no body of the API: that is an object with "messages"; "enqueue import" takes exports of other programs, and --plain takes it as plain text`,
		},
		{
			name: "an export", args: "text", stdin: "1\n00:00:01,000 --> 00:00:02,000\nHi.\n", code: exit.Usage,
			message: `the input looks like subtitles (SRT or SBV); "enqueue import --format srt FILE" takes it, and --plain takes it as plain text`,
		},
		{
			name: "an export that is an object", args: "text", stdin: `{"segments":[]}`, code: exit.Usage,
			message: `the input looks like a transcript of Whisper; "enqueue import --format whisper FILE" takes it, and --plain takes it as plain text`,
		},
		{name: "empty conversation", args: "text --conversation= -", stdin: "Hi.", code: exit.Usage, message: "--conversation is empty; leave it out to begin a new conversation"},
		{name: "refused", args: "text", stdin: "{}", code: exit.Refused, message: `the API refused the request (400): "messages" is required`},
		{name: "job unknown", args: "job x", code: exit.NotFound, message: "not found: The jobId is either invalid or does not exist."},
		{name: "id that must not lead elsewhere", args: "job a/attempts?x", code: exit.NotFound, message: "not found: The jobId is either invalid or does not exist."},
		{name: "conversation unknown", args: "conversation 1", code: exit.NotFound, message: "not found: The conversationId is either invalid or does not exist."},
		{name: "append to the unknown", args: "text -c 1", stdin: "Hi.", code: exit.NotFound, message: "not found: The conversationId is either invalid or does not exist."},
		{name: "messages of the unknown", args: "messages 1 --follow", code: exit.NotFound, message: "not found: The conversationId is either invalid or does not exist."},
		{
			name: "token", args: "job x --token other", code: exit.Unauthorized,
			message: "the API refused the token (401): Token validation failed for provided token.; pass another one with --token or TURNWISE_TOKEN",
		},
		{name: "broken API", args: "job x", refuse: []clitest.Refusal{{Status: 500, Message: "Something went wrong."}}, code: exit.Unreachable, message: "the API cannot serve the request now (500): Something went wrong."},
		{name: "busy, with no time for retries", args: "job x --retry 0", refuse: []clitest.Refusal{{Status: 429, Message: "Later."}}, code: exit.Refused, message: "the API refused the request (429): Later."},
		{name: "away for longer than the retries last", args: "job x", refuse: []clitest.Refusal{{Status: 503, Message: "Later.", RetryAfter: "60"}}, code: exit.Unreachable, message: "the API cannot serve the request now (503): Later."},
		{name: "redirected", args: "job x", refuse: []clitest.Refusal{{Status: 302, Message: ""}}, code: exit.Unexpected, message: "the address answers 302 (Found); is --api the address of Turnwise?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f := clitest.NewAPI(t)
			f.Refuse = tt.refuse
			args := strings.Split(tt.args, " ")
			got := f.Run(t, tt.stdin, args...)
			if got.Code != tt.code || got.Stdout != "" || !strings.Contains(got.Stderr, "enqueue: "+tt.message) {
				t.Errorf("enqueue %s = %+v, want code %d and %q", tt.args, got, tt.code, tt.message)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	f.Close()
	got := f.Run(t, "Hi.", "text", "--retry", "250ms")
	if got.Code != exit.Unreachable || got.Stdout != "" {
		t.Errorf("got %+v, want code %d", got, exit.Unreachable)
	}
	lines := strings.Split(got.Stderr, "\n")
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
	got := clitest.Run(t, clitest.Environment{"TURNWISE_API": page.URL, "TURNWISE_DATA_DIR": t.TempDir()}, "", "job", "x")
	want := clitest.Result{Code: exit.Unexpected, Stdout: "", Stderr: "enqueue: the answer is not that of the Turnwise API: GET /v1/job/x (200 OK); is --api the address of Turnwise?\n"}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestRedirectsAreNotFollowed checks that the token is not sent to the address
// of a redirect.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	elsewhere := httptest.NewServer(http.RedirectHandler(f.URL+"/v1/job/"+clitest.JobID, http.StatusFound))
	t.Cleanup(elsewhere.Close)
	got := f.Run(t, "", "job", clitest.JobID, "--api", elsewhere.URL)
	if got.Code != exit.Unexpected || len(f.Calls) != 0 {
		t.Errorf("got %+v and the calls %q, want code %d and none", got, f.Calls, exit.Unexpected)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	f.Jobs[clitest.JobID] = []string{clitest.JobDocument("scheduled", "")}
	got := f.Run(t, "", "job", clitest.JobID, "--watch", "--timeout", "100ms")
	want := clitest.Result{Code: exit.Timeout, Stdout: "scheduled    0s\n", Stderr: "enqueue: gave up after 100ms (--timeout)\n"}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	f.Jobs[clitest.JobID] = []string{clitest.JobDocument("scheduled", "")}
	ctx, interrupt := context.WithCancel(t.Context())
	var stderr bytes.Buffer
	env := clitest.Environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": clitest.Token, "TURNWISE_DATA_DIR": t.TempDir()}
	stdout := writerFunc(func(p []byte) (int, error) {
		interrupt() // once the first status is shown
		return len(p), nil
	})
	code := cli.Run(ctx, []string{"job", clitest.JobID, "--watch"}, env.Lookup, session.Streams{In: strings.NewReader(""), Out: stdout, Err: &stderr})
	if code != exit.Interrupted || stderr.String() != "enqueue: interrupted\n" {
		t.Errorf("got %d and %q, want %d and that it was interrupted", code, stderr.String(), exit.Interrupted)
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestBrokenStreams(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	env := clitest.Environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": clitest.Token, "TURNWISE_DATA_DIR": t.TempDir()}
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), []string{"text"}, env.Lookup, session.Streams{In: iotest.ErrReader(os.ErrClosed), Out: &stdout, Err: &stderr})
	if want := "enqueue: read standard input: file already closed\n"; code != exit.Unexpected || stderr.String() != want {
		t.Errorf("broken input: got %d and %q, want %d and %q", code, stderr.String(), exit.Unexpected, want)
	}
	stderr.Reset()
	full := writerFunc(func([]byte) (int, error) { return 0, os.ErrClosed })
	code = cli.Run(t.Context(), []string{"job", clitest.JobID}, env.Lookup, session.Streams{In: strings.NewReader(""), Out: full, Err: &stderr})
	if want := "enqueue: write the result: file already closed\n"; code != exit.Unexpected || stderr.String() != want {
		t.Errorf("broken output: got %d and %q, want %d and %q", code, stderr.String(), exit.Unexpected, want)
	}
}
