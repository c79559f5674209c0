package compat

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/turnwise/turnwise/internal/httpapi/openapi/openapitest"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/webhookverify"
)

// A captured is a request that a receiver got.
type captured struct {
	Secret  string            `json:"secret"` // that it is to be verified with
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`

	header http.Header
}

// capture has the events of a job sent, each signed with the secrets, and returns
// what arrives.
func capture(t *testing.T, secrets ...string) []captured {
	t.Helper()
	var all []captured
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		c := captured{Headers: map[string]string{}, Body: string(body), header: r.Header}
		for name := range r.Header {
			c.Headers[strings.ToLower(name)] = r.Header.Get(name)
		}
		all = append(all, c)
	}))
	defer server.Close()
	var parsed []webhook.Secret
	for _, text := range secrets {
		s, err := webhook.ParseSecret(text)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, s)
	}
	sender := webhook.NewSender(func(context.Context, string) ([]webhook.Secret, error) { return parsed, nil },
		webhook.NewGuard([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}), webhook.SenderOptions{})
	defer sender.Close()
	for n, status := range []string{"scheduled", "in_progress", "completed", "failed"} {
		sender.Send(t.Context(), webhook.Event{
			Account: "acme", JobID: "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", ConversationID: "5815170693595136", URL: server.URL,
			Status: status, Sequence: int64(min(n+1, 3)), OccurredAt: time.Now(),
			Trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		}, 1)
	}
	if len(all) != 4 {
		t.Fatalf("%d requests arrived, want 4", len(all))
	}
	return all
}

// TestWebhooksVerify has every request verified by each library there is, under
// each secret and scheme that it knows.
func TestWebhooksVerify(t *testing.T) {
	t.Parallel()

	private := webhook.NewSecretOf(webhook.Ed25519)
	pair, err := webhook.ParseSecret(private)
	if err != nil {
		t.Fatal(err)
	}
	shared := []string{webhook.NewSecret(), webhook.NewSecret()}
	requests := capture(t, shared[0], private, shared[1])
	for _, c := range requests {
		for _, secret := range append([]string{pair.Public()}, shared...) {
			v, err := webhookverify.New([]string{secret}, webhookverify.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if e, err := v.Verify(c.header, []byte(c.Body)); err != nil || e.ID != c.Headers["webhook-id"] {
				t.Errorf("webhookverify says %+v, %v", e, err)
			}
		}
		for _, secret := range shared { // it knows one scheme
			hook, err := standardwebhooks.NewWebhook(secret)
			if err != nil {
				t.Fatal(err)
			}
			if err := hook.Verify([]byte(c.Body), c.header); err != nil {
				t.Errorf("the Go library of the specification says %v", err)
			}
		}
	}
	verifyByPackage(t, requests, shared)
}

// verifyByPackage has the package for Node verify the requests. It knows one
// scheme.
func verifyByPackage(t *testing.T, requests []captured, shared []string) {
	t.Helper()
	var asked []captured
	var want []string
	for _, c := range requests {
		for _, secret := range append([]string{webhook.NewSecret()}, shared...) {
			c.Secret = secret
			asked = append(asked, c)
		}
		var e struct{ Status string }
		decode(t, []byte(c.Body), &e)
		want = append(want, `{"error":"No matching signature found"}`, `{"status":"`+e.Status+`"}`, `{"status":"`+e.Status+`"}`)
	}
	input, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Abs("testdata/npm/standardwebhooks.js")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), need(t, "node"), path)
	cmd.Env = append(os.Environ(), "NODE_PATH="+nodeModules(t))
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != strings.Join(want, "\n") {
		t.Errorf("the package says, %v\n%s\nwant\n%s", err, got, strings.Join(want, "\n"))
	}
}

// TestWebhooksAreDescribed holds what arrives against the document, where each
// operation that takes a webhookUrl calls back by the same description.
func TestWebhooksAreDescribed(t *testing.T) {
	t.Parallel()

	for _, c := range capture(t, webhook.NewSecret(), webhook.NewSecretOf(webhook.Ed25519)) {
		openapitest.CheckWebhook(t, "jobStatus", c.header, []byte(c.Body))
	}
	openapitest.CheckCallbacks(t, "jobStatus", "POST /v1/process/text", "PUT /v1/process/text/{conversationId}")
}
