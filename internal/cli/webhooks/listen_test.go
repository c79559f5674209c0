package webhooks_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/cli"
	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/internal/cli/webhooks"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/webhookverify"
)

// send POSTs an event, signed with the public library, and returns the status
// of the answer.
func send(t *testing.T, url, secret, job, status string, sequence int64) int {
	t.Helper()
	body, err := json.Marshal(webhook.Payload{JobID: job, ID: job, ConversationID: clitest.ConversationID, Status: status, Sequence: sequence, OccurredAt: "2026-03-01T10:00:00.000Z"})
	if err != nil {
		t.Fatal(err)
	}
	return sendBody(t, url, secret, fmt.Sprintf("%s_%d", output.Clean(job), sequence), body)
}

func sendBody(t *testing.T, url, secret, id string, body []byte) int {
	t.Helper()
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	signature, err := signer.Sign(id, now, body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Webhook-Id", id)
	req.Header.Set("Webhook-Timestamp", fmt.Sprint(now.Unix()))
	req.Header.Set("Webhook-Signature", signature)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// startReceiver serves a receiver that prints to the returned buffer. Its
// lines are complete once a request is answered.
func startReceiver(t *testing.T, secret string, fail int, asJSON bool) (url string, printed *bytes.Buffer, r *webhooks.Receiver) {
	t.Helper()
	verifier, err := webhookverify.New([]string{secret}, webhookverify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	printed = &bytes.Buffer{}
	r = webhooks.NewReceiver(verifier, fail, output.Printer{Out: printed, JSON: asJSON})
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return server.URL, printed, r
}

func TestReceiver(t *testing.T) {
	t.Parallel()

	right, wrong := webhook.NewSecret(), webhook.NewSecret()
	url, printed, r := startReceiver(t, right, 0, false)
	steps := []struct {
		name     string
		secret   string
		job      string
		status   string
		sequence int64
		answer   int
		line     string // after the time
	}{
		{name: "first", secret: right, job: "j", status: "scheduled", sequence: 1, answer: 204, line: "j  scheduled    1  ✓"},
		{name: "forged", secret: wrong, job: "j", status: "completed", sequence: 2, answer: 401, line: "j  completed    2  ✗  no signature matches; is the secret that of the account?  answered 401"},
		{name: "next", secret: right, job: "j", status: "in_progress", sequence: 2, answer: 204, line: "j  in_progress  2  ✓"},
		{name: "again", secret: right, job: "j", status: "in_progress", sequence: 2, answer: 204, line: "j  in_progress  2  ✓  again"},
		{name: "gap", secret: right, job: "j", status: "failed", sequence: 4, answer: 204, line: "j  failed       4  ✓  out of order, expected 3"},
		{name: "late", secret: right, job: "j", status: "completed", sequence: 3, answer: 204, line: "j  completed    3  ✓  out of order, expected 5"},
		{name: "on from the highest", secret: right, job: "j", status: "completed", sequence: 5, answer: 204, line: "j  completed    5  ✓"},
		{name: "another job", secret: right, job: "k\x1b", status: "scheduled", sequence: 1, answer: 204, line: "k   scheduled    1  ✓"},
	}
	for _, step := range steps {
		printed.Reset()
		got := send(t, url, step.secret, step.job, step.status, step.sequence)
		_, line, _ := strings.Cut(printed.String(), "  ")
		if got != step.answer || line != step.line+"\n" {
			t.Errorf("%s: got %d and %q, want %d and %q", step.name, got, line, step.answer, step.line)
		}
	}
	want := "6 events of 2 jobs taken; 1 came again, 2 out of order, 0 refused, 1 with a wrong signature"
	if got := r.Summary(); got != want {
		t.Errorf("summary = %q, want %q", got, want)
	}
}

func TestReceiverFailsFirst(t *testing.T) {
	t.Parallel()

	secret := webhook.NewSecret()
	url, printed, _ := startReceiver(t, secret, 2, true)
	for _, want := range []int{503, 503, 204, 204} {
		if got := send(t, url, secret, "j", "scheduled", 1); got != want {
			t.Errorf("answered %d, want %d", got, want)
		}
	}
	var lines []webhooks.Arrival
	for line := range strings.Lines(printed.String()) {
		var got webhooks.Arrival
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		got.At = time.Time{}
		lines = append(lines, got)
	}
	if len(lines) != 4 {
		t.Fatalf("got %d lines, want 4", len(lines))
	}
	want := webhooks.Arrival{EventID: "j_1", JobID: "j", ConversationID: clitest.ConversationID, Status: "scheduled", Sequence: 1, Verified: true, Answer: 204}
	if lines[2] != want {
		t.Errorf("got %+v, want %+v", lines[2], want)
	}
	if want.Again = true; lines[3] != want {
		t.Errorf("got %+v, want %+v", lines[3], want)
	}
}

func TestReceiverRefuses(t *testing.T) {
	t.Parallel()

	secret := webhook.NewSecret()
	url, _, _ := startReceiver(t, secret, 0, false)
	if got := sendBody(t, url, secret, "j_1", []byte("hello")); got != http.StatusBadRequest {
		t.Errorf("what is no event: answered %d, want 400", got)
	}
	if got := sendBody(t, url, secret, "j_1", bytes.Repeat([]byte(" "), webhooks.EventLimit+1)); got != http.StatusRequestEntityTooLarge {
		t.Errorf("what is too long: answered %d, want 413", got)
	}
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != "POST" {
		t.Errorf("GET: answered %s, want 405", resp.Status)
	}
}

// TestListen runs the command: its address and secret, its stop, its summary.
func TestListen(t *testing.T) {
	t.Parallel()

	dir, secret := t.TempDir(), webhook.NewSecret()
	if err := tryout.WriteState(dir, tryout.State{API: "http://127.0.0.1:8080", Token: clitest.Token, WebhookSecret: secret, PID: os.Getpid()}); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	banner, stderr := io.Pipe()
	var stdout bytes.Buffer
	code := make(chan int)
	go func() {
		env := clitest.Environment{"TURNWISE_DATA_DIR": dir}
		code <- cli.Run(ctx, []string{"listen", "--addr", "127.0.0.1:0"}, env.Lookup, session.Streams{In: strings.NewReader(""), Out: &stdout, Err: stderr})
		_ = stderr.Close()
	}()
	lines := bufio.NewScanner(banner)
	lines.Scan()
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(lines.Text())
	var rest []string
	for len(rest) < 4 && lines.Scan() {
		rest = append(rest, lines.Text())
	}
	if hint := strings.Join(rest, "\n"); !strings.Contains(hint, "Bearer "+clitest.Token) || !strings.Contains(hint, `"webhookUrl":"`+url+`"`) {
		t.Errorf("banner: got %q, want a curl line with token and address %s", hint, url)
	}
	if got := send(t, url, secret, clitest.JobID, "scheduled", 1); got != http.StatusNoContent {
		t.Errorf("answered %d, want 204", got)
	}
	interrupt()
	lines.Scan()
	if want := "enqueue: 1 events of 1 jobs taken; 0 came again, 0 out of order, 0 refused, 0 with a wrong signature"; lines.Text() != want {
		t.Errorf("summary: got %q, want %q", lines.Text(), want)
	}
	if got := <-code; got != exit.OK {
		t.Errorf("exit code %d, want 0", got)
	}
	if !strings.HasSuffix(stdout.String(), "  "+clitest.JobID+"  scheduled    1  ✓\n") {
		t.Errorf("stdout: got %q, want the event", stdout.String())
	}
}

func TestListenHidesTokens(t *testing.T) {
	t.Parallel()

	env := clitest.Environment{"TURNWISE_DATA_DIR": t.TempDir(), "TURNWISE_TOKEN": "mine", "TURNWISE_WEBHOOK_SECRET": webhook.NewSecret()}
	got := clitest.Run(t, env, "", "listen", "--addr", "127.0.0.1:0", "--timeout", "50ms")
	if got.Code != exit.Timeout || strings.Contains(got.Stderr, "mine") || !strings.Contains(got.Stderr, "Bearer $TURNWISE_TOKEN") {
		t.Errorf("got %+v, want the end of the time limit and a curl line without the token", got)
	}
}

func TestListenUsage(t *testing.T) {
	t.Parallel()

	tests := []struct{ args, message string }{
		{"listen", "there is no secret to verify with: pass --secret, or start the worker's try-out first"},
		{"listen --secret abc", "--secret: secret 1 of 1: it must begin with whsec_ or whpk_"},
		{"listen --fail -1", "--fail is -1, want 0 or more"},
		{"listen --addr 127.0.0.1:x --secret " + webhook.NewSecret(), "--addr 127.0.0.1:x: "},
	}
	for _, tt := range tests {
		got := clitest.Run(t, clitest.Environment{"TURNWISE_DATA_DIR": t.TempDir()}, "", strings.Fields(tt.args)...)
		if got.Code != exit.Usage || !strings.HasPrefix(got.Stderr, "enqueue: "+tt.message) {
			t.Errorf("enqueue %s = %+v, want code %d and %q", tt.args, got, exit.Usage, tt.message)
		}
	}
}
