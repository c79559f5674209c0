package webhooks_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/webhooks"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/webhookverify"
)

// What is verified goes on as it came, and the sender gets the answer of the
// receiver behind.
func TestReceiverForwards(t *testing.T) {
	t.Parallel()

	secret := webhook.NewSecret()
	verifier, err := webhookverify.New([]string{secret}, webhookverify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var arrived []string
	answer := http.StatusOK
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e, err := verifier.Verify(r.Header, body)
		if err != nil || r.URL.Path != "/hook" {
			t.Errorf("%s: %v", r.URL, err)
		}
		arrived = append(arrived, e.Status)
		w.Header().Set("Retry-After", "9")
		w.WriteHeader(answer)
		_, _ = io.WriteString(w, "said\x1b so")
	}))
	t.Cleanup(behind.Close)
	url, printed, r := startReceiver(t, secret, 0, false)
	if err := r.ForwardTo(strings.TrimPrefix(behind.URL, "http://") + "/hook"); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		status       string
		secret       string
		answer, want int
		line         string
		sequence     int64
	}{
		{"scheduled", secret, 200, 200, "j  scheduled    1  ✓  → 200 in # ms  said  so", 1},
		{"in_progress", secret, 503, 503, "j  in_progress  2  ✓  → 503 in # ms  said  so", 2},
		{"in_progress", secret, 202, 202, "j  in_progress  2  ✓  → 202 in # ms  said  so", 2},
		{"completed", webhook.NewSecret(), 200, 401, "j  completed    3  ✗  no signature matches; is the secret that of the account?  answered 401", 3},
	}
	for _, s := range steps {
		printed.Reset()
		answer = s.answer
		got := send(t, url, s.secret, "j", s.status, s.sequence)
		_, line, _ := strings.Cut(strings.TrimSpace(printed.String()), "  ")
		if before, rest, found := strings.Cut(line, " in "); found {
			_, after, _ := strings.Cut(rest, " ms")
			line = before + " in # ms" + after
		}
		if got != s.want || line != s.line {
			t.Errorf("%s: answered %d and printed %q, want %d and %q", s.status, got, line, s.want, s.line)
		}
	}
	if got := strings.Join(arrived, " "); got != "scheduled in_progress in_progress" {
		t.Errorf("%s arrived behind", got)
	}
	if want := "2 events of 1 jobs taken; 0 came again, 0 out of order, 1 refused, 1 with a wrong signature"; r.Summary() != want {
		t.Errorf("summary = %q, want %q", r.Summary(), want)
	}
	behind.Close()
	printed.Reset()
	if got := send(t, url, secret, "j", "completed", 3); got != http.StatusBadGateway || !strings.Contains(printed.String(), "→ no answer: ") {
		t.Errorf("without a receiver behind: answered %d and printed %q, want 502", got, printed)
	}
}

func TestForwardUsage(t *testing.T) {
	t.Parallel()

	got := clitest.Run(t, clitest.Environment{"TURNWISE_DATA_DIR": t.TempDir()}, "", "listen", "--secret", webhook.NewSecret(), "--forward-to", "ftp://x/")
	if got.Code != exit.Usage || !strings.HasPrefix(got.Stderr, "enqueue: --forward-to must be an http or https URL") {
		t.Errorf("got %+v, want a usage error", got)
	}
}

// One event is made here, and the receiver's answer decides.
func TestTriggerEvent(t *testing.T) {
	t.Parallel()

	secret, private := webhook.NewSecret(), webhook.NewSecretOf(webhook.Ed25519)
	url, printed, _ := startReceiver(t, secret, 0, true)
	env := clitest.Environment{"TURNWISE_DATA_DIR": t.TempDir(), "TURNWISE_WEBHOOK_SECRET": secret + "," + private}
	for sequence, status := range []string{"scheduled", "in_progress", "completed", "failed"} {
		printed.Reset()
		got := clitest.Run(t, env, "", "trigger", url+"/ä", "--event", status, "--job", "j", "-o", "json")
		var sent webhook.Attempt
		if err := json.Unmarshal([]byte(got.Stdout), &sent); err != nil || got.Code != exit.OK || sent.Outcome != webhook.Delivered || sent.Code != 204 {
			t.Fatalf("%s: got %+v, %v; want it delivered", status, got, err)
		}
		var arrival webhooks.Arrival
		if err := json.Unmarshal(printed.Bytes(), &arrival); err != nil || arrival.Status != status || arrival.Sequence != int64(min(sequence+1, 3)) || arrival.EventID != sent.EventID {
			t.Errorf("%s: %+v arrived, %v", status, arrival, err)
		}
	}
	again := clitest.Run(t, env, "", "trigger", url, "--event", "completed", "--job", "j", "--sequence", "7")
	if again.Code != exit.OK || !strings.Contains(again.Stdout, "answer   204") || !strings.Contains(again.Stdout, "outcome  delivered") {
		t.Errorf("got %+v, want it delivered", again)
	}
	env["TURNWISE_WEBHOOK_SECRET"] = webhook.NewSecret()
	if refused := clitest.Run(t, env, "", "trigger", url, "--event", "completed"); refused.Code != exit.Unexpected || !strings.Contains(refused.Stderr, "the receiver did not take the event") {
		t.Errorf("got %+v, want exit code %d", refused, exit.Unexpected)
	}
}

// A real job is submitted with the URL.
func TestTriggerJob(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	env := clitest.Environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": clitest.Token, "TURNWISE_DATA_DIR": t.TempDir()}
	got := clitest.Run(t, env, "", "trigger", "https://example.com/hook")
	if got.Code != exit.OK || !strings.Contains(got.Stdout, clitest.JobID) || !strings.Contains(got.Stderr, "enqueue job "+clitest.JobID+" --attempts") {
		t.Errorf("got %+v, want the receipt", got)
	}
}

func TestTriggerUsage(t *testing.T) {
	t.Parallel()

	tests := []struct{ args, message string }{
		{"trigger", "accepts 1 arg(s), received 0"},
		{"trigger /hook", "the URL must be an http or https URL"},
		{"trigger http://a/ --event done --secret " + webhook.NewSecret(), `--event is "done", want one of scheduled, in_progress, completed, failed`},
		{"trigger http://a/ --event failed --sequence -1 --secret " + webhook.NewSecret(), "--sequence is -1, want 1 or more"},
		{"trigger http://a/ --event failed", "there is no secret to sign with: pass --secret, or start the worker's try-out first"},
		{"trigger http://a/ --event failed --secret x", "--secret: a webhook secret must be whsec_"},
	}
	for _, tt := range tests {
		began := time.Now()
		got := clitest.Run(t, clitest.Environment{"TURNWISE_DATA_DIR": t.TempDir()}, "", strings.Fields(tt.args)...)
		if got.Code != exit.Usage || !strings.HasPrefix(got.Stderr, "enqueue: "+tt.message) || time.Since(began) > time.Minute {
			t.Errorf("enqueue %s = %+v, want code %d and %q", tt.args, got, exit.Usage, tt.message)
		}
	}
}
