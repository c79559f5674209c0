package client_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/turnwise/turnwise/client"
)

const (
	secret      = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	otherSecret = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
	eventBody   = `{"jobId":"j","id":"j","conversationId":"c","status":"completed","sequence":3,"occurredAt":"2026-03-01T00:00:00.000Z"}`
)

// signed returns the header of a webhook, as a sender with the secret makes it.
func signed(t *testing.T, secret, body string, at time.Time) http.Header {
	t.Helper()
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := signer.Sign("j_3", at, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	header.Set("Webhook-Id", "j_3")
	header.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
	header.Set("Webhook-Signature", signature)
	return header
}

func TestVerifyWebhook(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		body    string // that comes, if not the one that was signed
		age     time.Duration
		secrets []string
		forged  bool
		err     string // of another kind
	}{
		{name: "good", secrets: []string{secret}},
		{name: "while a secret is replaced", secrets: []string{otherSecret, secret}},
		{name: "another secret", secrets: []string{otherSecret}, forged: true},
		{name: "another body", body: strings.Replace(eventBody, "completed", "failed", 1), secrets: []string{secret}, forged: true},
		{name: "old", age: 5*time.Minute + 2*time.Second, secrets: []string{secret}, forged: true},
		{name: "from the future", age: -5*time.Minute - 2*time.Second, secrets: []string{secret}, forged: true},
		{name: "no secret", err: "verify a webhook: there is no secret to verify with"},
		{name: "an empty secret", secrets: []string{""}, err: "verify a webhook: secret 1 of 1: it must begin with whsec_ or whpk_"},
		{name: "a short secret", secrets: []string{"whsec_c2hvcnQ="}, err: "verify a webhook: secret 1 of 1: it must be whsec_ followed by 24 bytes or more in base64"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				header := signed(t, secret, eventBody, time.Now().Add(-tt.age))
				body := eventBody
				if tt.body != "" {
					body = tt.body
				}
				got, err := client.VerifyWebhook(header, []byte(body), tt.secrets...)
				if tt.forged || tt.err != "" {
					if errors.Is(err, client.ErrForged) != tt.forged || err == nil || !strings.HasPrefix(err.Error(), tt.err) || got != (client.Event{}) {
						t.Errorf("VerifyWebhook = %+v, %v; want forged %t, %q", got, err, tt.forged, tt.err)
					}
					return
				}
				want := client.Event{ID: "j_3", JobID: "j", ConversationID: "c", Status: client.Completed, Sequence: 3, OccurredAt: midnight()}
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("VerifyWebhook = %v, and the event differs (-want +got):\n%s", err, diff)
				}
			})
		})
	}
}

func TestVerifyWebhookWithoutSignature(t *testing.T) {
	t.Parallel()

	if _, err := client.VerifyWebhook(http.Header{}, []byte(eventBody), secret); !errors.Is(err, client.ErrForged) {
		t.Errorf("VerifyWebhook = %v, want it forged", err)
	}
	header := signed(t, secret, "no event", time.Now())
	if _, err := client.VerifyWebhook(header, []byte("no event"), secret); err == nil || errors.Is(err, client.ErrForged) {
		t.Errorf("VerifyWebhook = %v, want an error about the body", err)
	}
}
