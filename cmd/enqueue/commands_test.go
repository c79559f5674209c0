package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommands(t *testing.T) {
	t.Parallel()

	failedJob := strings.Replace(jobDocument("failed", "the analyzer said no"), jobID, otherJobID, 1)
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
			name: "text for programs", args: "text - -o json", stdin: "Ana: Hello.",
			stdout: `{"conversationId":"5815170693595136","jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"}` + "\n",
		},
		{
			name: "text waits", args: "text --wait", stdin: "Ana: Hello.",
			jobs: map[string][]string{jobID: {jobDocument("scheduled", ""), jobDocument("in_progress", ""), jobDocument("in_progress", ""), jobDocument("completed", "")}},
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
			jobs: map[string][]string{jobID: {jobDocument("in_progress", ""), jobDocument("failed", "no\nluck")}},
			stdout: `{"conversationId":"5815170693595136","jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"}` + "\n" +
				`{"jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"scheduled","elapsedMs":0}` + "\n" +
				`{"jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"in_progress","elapsedMs":4}` + "\n" +
				`{"jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"failed","elapsedMs":12,"message":"no\nluck"}` + "\n",
			stderr: "enqueue: job 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d failed: no luck\n",
			code:   exitJobFailed,
		},
		{
			name: "job", args: "job " + jobID,
			stdout: `job           9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d
status        completed
conversation  5815170693595136
accepted      2026-03-01 10:00:00.000Z
started       2026-03-01 10:00:00.004Z
finished      2026-03-01 10:00:00.012Z
`,
		},
		{
			name: "job with a model", args: "job " + jobID, jobs: map[string][]string{jobID: {`{"id":"` + jobID + `","status":"completed","conversationId":"7","analyzers":["local","chat"]}`}},
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
			name: "job that failed", args: "job " + otherJobID, jobs: map[string][]string{otherJobID: {failedJob}},
			stdout: `job           1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11
status        failed
conversation  5815170693595136
accepted      2026-03-01 10:00:00.000Z
started       2026-03-01 10:00:00.004Z
finished      2026-03-01 10:00:00.012Z
reason        the analyzer said no
`,
			stderr: "enqueue: job 1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11 failed: the analyzer said no\n",
			code:   exitJobFailed,
		},
		{
			name: "job with attempts for programs", args: "job -o json --attempts " + jobID,
			stdout: `{"acceptedAt":"2026-03-01T10:00:00.000Z","attempts":[{"eventId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d_1_5d2f1c9a","status":"scheduled","attempt":1,` +
				`"at":"2026-03-01T10:00:00.100Z","outcome":"retry","code":503,"totalMs":1.25,"nextAt":"2026-03-01T10:00:05.100Z"}],` +
				`"conversationId":"5815170693595136","finishedAt":"2026-03-01T10:00:00.012Z","id":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",` +
				`"startedAt":"2026-03-01T10:00:00.004Z","status":"completed"}` + "\n",
		},
		{
			name: "job watched, with attempts", args: "job --watch --attempts " + jobID,
			jobs: map[string][]string{jobID: {jobDocument("scheduled", ""), jobDocument("completed", "")}},
			stdout: "scheduled    0s\nin_progress  4ms\ncompleted    12ms\n" +
				"AT                        STATUS     TRY  OUTCOME  CODE  TOOK   NEXT                      ERROR\n" +
				"2026-03-01 10:00:00.100Z  scheduled  1    retry    503   1.3ms  2026-03-01 10:00:05.100Z  -\n",
		},
		{
			name: "job without attempts", args: "job --watch --attempts " + otherJobID, jobs: map[string][]string{otherJobID: {failedJob}},
			stdout: "scheduled    0s\nin_progress  4ms\nfailed       12ms\nno webhook attempts\n",
			stderr: "enqueue: job 1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11 failed: the analyzer said no\n",
			code:   exitJobFailed,
		},
		{
			name: "conversation", args: "conversation " + conversationID,
			stdout: `conversation  5815170693595136
name          Release
from          2026-03-01 10:00:00.000Z
to            2026-03-01 10:00:09.500Z
messages      2
etag          "2-0"
member        Ana   ana@example.com  m-1
metadata      a     1
metadata      b     2
label         team  blue
`,
		},
		{
			name: "conversation for programs", args: "-o json conversation " + conversationID,
			stdout: `{"endTime":"2026-03-01T10:00:09.500Z","etag":"\"2-0\"","id":"5815170693595136","labels":{"team":"blue"},"members":[{"id":"m-1","name":"Ana","email":"ana@example.com"}],` +
				`"messageCount":2,"metadata":{"b":"2","a":"1"},"name":"Release","startTime":"2026-03-01T10:00:00.000Z","type":"meeting"}` + "\n",
		},
		{
			name: "messages, their control characters taken out", args: "messages " + conversationID,
			stdout: "2026-03-01 10:00:00.000Z  Ana: Hello.\n2026-03-01 10:00:01.000Z  Hi  [2J there.\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f := newFakeAPI(t)
			maps.Copy(f.jobs, tt.jobs)
			got := f.enqueue(t, tt.stdin, strings.Fields(tt.args)...)
			if want := (result{tt.code, tt.stdout, tt.stderr}); got != want {
				t.Errorf("enqueue %s =\n%+v\nwant\n%+v", tt.args, got, want)
			}
		})
	}
}

func TestMessagesForPrograms(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	got := f.enqueue(t, "", "messages", conversationID, "-o", "json")
	if want := (result{exitOK, strings.ReplaceAll(f.messages[0], "\u001b", `\u001b`) + "\n", ""}); got != want {
		t.Errorf("got %+v, want the document of the API: %+v", got, want)
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
			body: `{"messages":[{"payload":{"content":"Hi \u0026 bye."},"from":{"name":"Ana"}},{"payload":{"content":"So."},"from":{"name":"Ben","userId":"b@x.org"}}]}`,
		},
		{
			name: "append with flags", args: "text --idempotency-key k --conversation " + conversationID + " --name N --webhook-url http://127.0.0.1:1/ --detect-phrases --detect-entities=false",
			stdin: "Hi.", call: "PUT /v1/process/text/5815170693595136 k",
			body: `{"detectEntities":false,"detectPhrases":true,"messages":[{"payload":{"content":"Hi."}}],"name":"N","webhookUrl":"http://127.0.0.1:1/"}`,
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

			f := newFakeAPI(t)
			if got := f.enqueue(t, tt.stdin, strings.Fields(tt.args)...); got.code != exitOK {
				t.Fatalf("got %+v, want success", got)
			}
			if len(f.calls) != 1 || f.calls[0] != tt.call {
				t.Errorf("calls: got %q, want %q", f.calls, tt.call)
			}
			if len(f.bodies) != 1 || f.bodies[0] != tt.body {
				t.Errorf("bodies:\ngot  %q\nwant %q", f.bodies, tt.body)
			}
		})
	}
}

func TestTextFromFile(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	file := filepath.Join(t.TempDir(), "chat.txt")
	if err := os.WriteFile(file, []byte("\ufeffAna: Hi.\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := f.enqueue(t, "", "text", file); got.code != exitOK {
		t.Fatalf("got %+v, want success", got)
	}
	if want := `{"messages":[{"payload":{"content":"Hi."},"from":{"name":"Ana"}}]}`; f.bodies[0] != want {
		t.Errorf("body: got %s, want %s", f.bodies[0], want)
	}
}

func TestHelpTellsExitCodes(t *testing.T) {
	t.Parallel()

	help := enqueue(t, environment{}, "", "--help")
	if help.code != exitOK || !strings.Contains(help.stdout, exitHelp) {
		t.Errorf("enqueue --help = %+v, want it to contain %q", help, exitHelp)
	}
	doc, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(exitHelp, "\n")[1:] {
		code, meaning, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if row := "| " + code + " | " + meaning + " |"; !strings.Contains(string(doc), row) {
			t.Errorf("docs/cli.md lacks the row %q", row)
		}
	}
}

func TestDocumentedFlags(t *testing.T) {
	t.Parallel()

	doc, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{
		"text", "job", "conversation", "messages", "listen", "conversations list", "conversations get", "conversations update",
		"conversations delete", "members", "members list", "members update", "transcript", "insights", "topics", "summary", "trackers list", "trackers get",
		"trackers create", "trackers update", "trackers delete", "groups list", "groups get", "groups create", "groups update",
		"groups delete", "groups conversations",
	} {
		help := enqueue(t, environment{}, "", append(strings.Fields(command), "--help")...)
		for word := range strings.FieldsSeq(help.stdout) {
			if strings.HasPrefix(word, "--") && !strings.Contains(string(doc), strings.Trim(word, `.,;():"`)) {
				t.Errorf("docs/cli.md does not mention %s of enqueue %s", word, command)
			}
		}
	}
}
