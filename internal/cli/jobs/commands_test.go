package jobs_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
)

func TestCommands(t *testing.T) {
	t.Parallel()

	failedJob := strings.Replace(clitest.JobDocument("failed", "the analyzer said no"), clitest.JobID, clitest.OtherJobID, 1)
	tests := []struct {
		name   string
		args   string
		stdin  string
		jobs   map[string][]string
		stdout string
		stderr string
		code   int
	}{
		{
			name: "text", args: "text", stdin: "Ana: Hello.",
			stdout: "conversation  5815170693595136\njob           9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d\n",
		},
		{
			name: "text that looks like JSON", args: "text --plain", stdin: "[1]",
			stdout: "conversation  5815170693595136\njob           9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d\n",
		},
		{
			name: "text for programs", args: "text - -o json", stdin: "Ana: Hello.",
			stdout: `{"conversationId":"5815170693595136","jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"}` + "\n",
		},
		{
			name: "text waits", args: "text --wait", stdin: "Ana: Hello.",
			jobs: map[string][]string{clitest.JobID: {clitest.JobDocument("scheduled", ""), clitest.JobDocument("in_progress", ""), clitest.JobDocument("in_progress", ""), clitest.JobDocument("completed", "")}},
			stdout: "conversation  5815170693595136\njob           9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d\n" +
				"scheduled    0s\nin_progress  4ms\ncompleted    12ms\n",
		},
		{
			name: "text waits for a job that is done already", args: "text --wait -o json", stdin: "Ana: Hello.",
			stdout: `{"conversationId":"5815170693595136","jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"}` + "\n" +
				`{"jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"scheduled","elapsedMs":0}` + "\n" +
				`{"jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"in_progress","elapsedMs":4}` + "\n" +
				`{"jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"completed","elapsedMs":12}` + "\n",
		},
		{
			name: "text waits for a job that fails", args: "text --wait -o json", stdin: "Ana: Hello.",
			jobs: map[string][]string{clitest.JobID: {clitest.JobDocument("in_progress", ""), clitest.JobDocument("failed", "no\nluck")}},
			stdout: `{"conversationId":"5815170693595136","jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"}` + "\n" +
				`{"jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"scheduled","elapsedMs":0}` + "\n" +
				`{"jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"in_progress","elapsedMs":4}` + "\n" +
				`{"jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"failed","elapsedMs":12,"message":"no\nluck"}` + "\n",
			stderr: `{"error":"job 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d failed: no\nluck","exitCode":7}` + "\n",
			code:   exit.JobFailed,
		},
		{
			name: "job", args: "job " + clitest.JobID,
			stdout: `job           9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d
status        completed
conversation  5815170693595136
accepted      2026-03-01 10:00:00.000Z
started       2026-03-01 10:00:00.004Z
finished      2026-03-01 10:00:00.012Z
`,
		},
		{
			name: "job with a model", args: "job " + clitest.JobID, jobs: map[string][]string{clitest.JobID: {`{"id":"` + clitest.JobID + `","status":"completed","conversationId":"7","analyzers":["local","chat"]}`}},
			stdout: `job           9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d
status        completed
conversation  7
accepted      -
started       -
finished      -
analyzers     local, chat
`,
		},
		{
			name: "job that failed", args: "job " + clitest.OtherJobID, jobs: map[string][]string{clitest.OtherJobID: {failedJob}},
			stdout: `job           1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11
status        failed
conversation  5815170693595136
accepted      2026-03-01 10:00:00.000Z
started       2026-03-01 10:00:00.004Z
finished      2026-03-01 10:00:00.012Z
reason        the analyzer said no
`,
			stderr: "enqueue: job 1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11 failed: the analyzer said no\n",
			code:   exit.JobFailed,
		},
		{
			name: "job with attempts for programs", args: "job -o json --attempts " + clitest.JobID,
			stdout: `{"acceptedAt":"2026-03-01T10:00:00.000Z","attempts":[{"eventId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d_1_5d2f1c9a","status":"scheduled","attempt":1,` +
				`"at":"2026-03-01T10:00:00.100Z","outcome":"retry","code":503,"totalMs":1.25,"nextAt":"2026-03-01T10:00:05.100Z"}],` +
				`"conversationId":"5815170693595136","finishedAt":"2026-03-01T10:00:00.012Z","id":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",` +
				`"startedAt":"2026-03-01T10:00:00.004Z","status":"completed"}` + "\n",
		},
		{
			name: "job watched, with attempts", args: "job --watch --attempts " + clitest.JobID,
			jobs: map[string][]string{clitest.JobID: {clitest.JobDocument("scheduled", ""), clitest.JobDocument("completed", "")}},
			stdout: "scheduled    0s\nin_progress  4ms\ncompleted    12ms\n" +
				"AT                        STATUS     TRY  OUTCOME  CODE  TOOK   NEXT                      ERROR\n" +
				"2026-03-01 10:00:00.100Z  scheduled  1    retry    503   1.3ms  2026-03-01 10:00:05.100Z  -\n",
		},
		{
			name: "job without attempts", args: "job --watch --attempts " + clitest.OtherJobID, jobs: map[string][]string{clitest.OtherJobID: {failedJob}},
			stdout: "scheduled    0s\nin_progress  4ms\nfailed       12ms\nno webhook attempts\n",
			stderr: "enqueue: job 1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11 failed: the analyzer said no\n",
			code:   exit.JobFailed,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f := clitest.NewAPI(t)
			maps.Copy(f.Jobs, tt.jobs)
			got := f.Run(t, tt.stdin, strings.Fields(tt.args)...)
			if want := (clitest.Result{Code: tt.code, Stdout: tt.stdout, Stderr: tt.stderr}); got != want {
				t.Errorf("enqueue %s =\n%+v\nwant\n%+v", tt.args, got, want)
			}
		})
	}
}

// TestSubmissions checks what goes over the wire.
func TestSubmissions(t *testing.T) {
	t.Parallel()

	const body = ` {"messages":[{"payload":{"content":"Hi."}}],  "name":"A"}`
	tests := []struct {
		name  string
		args  string
		stdin string
		call  string
		body  string
	}{
		{
			name: "plain text", args: "text --idempotency-key k", stdin: "Ana: Hi & bye.\nBen <b@x.org>: So.",
			call: "POST /v1/process/text k",
			body: `{"messages":[{"payload":{"content":"Hi \u0026 bye."},"from":{"name":"Ana"}},{"payload":{"content":"So."},"from":{"userId":"b@x.org","name":"Ben"}}]}`,
		},
		{
			name: "append with flags", args: "text --idempotency-key k --conversation " + clitest.ConversationID + " --name N --webhook-url http://127.0.0.1:1/ --webhook-events completed,failed --detect-phrases --detect-entities=false",
			stdin: "Hi.", call: "PUT /v1/process/text/5815170693595136 k",
			body: `{"detectEntities":false,"detectPhrases":true,"messages":[{"payload":{"content":"Hi."}}],"name":"N","webhookEvents":["completed","failed"],"webhookUrl":"http://127.0.0.1:1/"}`,
		},
		{
			name: "a body as it was written", args: "text - --idempotency-key k", stdin: body,
			call: "POST /v1/process/text k", body: body[1:],
		},
		{
			name: "a flag wins over the body", args: "text - --idempotency-key k --name B", stdin: body,
			call: "POST /v1/process/text k", body: `{"messages":[{"payload":{"content":"Hi."}}],"name":"B"}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f := clitest.NewAPI(t)
			if got := f.Run(t, tt.stdin, strings.Fields(tt.args)...); got.Code != exit.OK {
				t.Fatalf("got %+v, want success", got)
			}
			if len(f.Calls) != 1 || f.Calls[0] != tt.call {
				t.Errorf("calls: got %q, want %q", f.Calls, tt.call)
			}
			if len(f.Bodies) != 1 || f.Bodies[0] != tt.body {
				t.Errorf("bodies:\ngot  %q\nwant %q", f.Bodies, tt.body)
			}
		})
	}
}

func TestTextFromFile(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	file := filepath.Join(t.TempDir(), "chat.txt")
	if err := os.WriteFile(file, []byte("\ufeffAna: Hi.\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := f.Run(t, "", "text", file); got.Code != exit.OK {
		t.Fatalf("got %+v, want success", got)
	}
	if want := `{"messages":[{"payload":{"content":"Hi."},"from":{"name":"Ana"}}]}`; f.Bodies[0] != want {
		t.Errorf("body: got %s, want %s", f.Bodies[0], want)
	}
}

// TestLongTextIsSeveralAppends checks that text beyond the limits of an append is
// sent whole, as several in order, and that a part that is refused is told of.
func TestLongTextIsSeveralAppends(t *testing.T) {
	t.Parallel()

	var text strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&text, "Ana: %d %s\n", i, strings.Repeat("so ", 500))
	}
	paragraph := strings.Repeat("A long paragraph. ", 100<<10/18)
	fmt.Fprintf(&text, "Ben: %s\n", paragraph)
	f := clitest.NewAPI(t)
	got := f.Run(t, text.String(), "text", "--name", "Call", "--idempotency-key", "k", "--detect-phrases")
	job := "job           " + clitest.JobID + "\n"
	if want := (clitest.Result{Stdout: "conversation  " + clitest.ConversationID + "\n" + job + job + job}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	to := "/v1/process/text"
	if want := []string{"POST " + to + " k", "PUT " + to + "/" + clitest.ConversationID + " k-2", "PUT " + to + "/" + clitest.ConversationID + " k-3"}; !slices.Equal(f.Calls, want) {
		t.Errorf("calls = %q, want %q", f.Calls, want)
	}
	var at int
	var last string
	for i, body := range f.Bodies {
		var sent struct {
			Name          string
			DetectPhrases bool
		}
		if err := json.Unmarshal([]byte(body), &sent); err != nil || len(body) > 1<<20 || (sent.Name == "Call") != (i == 0) || !sent.DetectPhrases {
			t.Errorf("body %d of %d bytes, named %q: %v", i+1, len(body), sent.Name, err)
		}
		for _, m := range contents(t, body) {
			if number, _, _ := strings.Cut(m, " "); at < 1200 && number != strconv.Itoa(at) {
				t.Fatalf("message %d is number %s", at, number)
			}
			if at++; at > 1200 {
				last += m + " "
			}
		}
	}
	if last != paragraph {
		t.Errorf("the long paragraph has %d bytes, want %d", len(last), len(paragraph))
	}
	f = clitest.NewAPI(t)
	got = f.Run(t, text.String(), "text", "--idempotency-key", strings.Repeat("k", 250))
	if got.Code != exit.Usage || len(f.Bodies) > 0 || !strings.Contains(got.Stderr, "--idempotency-key has 250 characters; this input needs 3 appends, and a key of at most 248 for them") {
		t.Errorf("with a long key: got %+v", got)
	}
}

// contents returns the texts of the messages of a body.
func contents(t *testing.T, body string) []string {
	t.Helper()
	var sent struct {
		Messages []struct{ Payload struct{ Content string } }
	}
	if err := json.Unmarshal([]byte(body), &sent); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range sent.Messages {
		all = append(all, m.Payload.Content)
	}
	return all
}
