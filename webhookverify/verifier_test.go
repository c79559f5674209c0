package webhookverify_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/turnwise/turnwise/webhookverify"
)

const (
	oldSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	newSecret = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
	other     = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyMTI="
	body      = `{"jobId":"j","id":"j","conversationId":"c","status":"completed","sequence":3,"occurredAt":"2026-03-01T00:00:00.000Z"}`
)

// private is the key of a sender that signs with ed25519.
func private() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("0123456789abcdef0123456789abcdef"))
}

// public returns what receivers have of it.
func public() string {
	return "whpk_" + base64.StdEncoding.EncodeToString(private().Public().(ed25519.PublicKey))
}

// signed returns the header of a webhook that was signed with oldSecret, newSecret
// and the private key, by the library of the specification where it can.
func signed(tb testing.TB, id, body string, at time.Time) http.Header {
	tb.Helper()
	var all []string
	for _, secret := range []string{oldSecret, newSecret} {
		signer, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			tb.Fatal(err)
		}
		signature, err := signer.Sign(id, at, []byte(body))
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, signature)
	}
	timestamp := strconv.FormatInt(at.Unix(), 10)
	asymmetric := ed25519.Sign(private(), []byte(id+"."+timestamp+"."+body))
	header := http.Header{}
	header.Set("Webhook-Id", id)
	header.Set("Webhook-Timestamp", timestamp)
	header.Set("Webhook-Signature", strings.Join(append(all, "v1a,"+base64.StdEncoding.EncodeToString(asymmetric)), " "))
	return header
}

func newVerifier(tb testing.TB, opts webhookverify.Options, secrets ...string) *webhookverify.Verifier {
	tb.Helper()
	v, err := webhookverify.New(secrets, opts)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func TestVerify(t *testing.T) {
	t.Parallel()

	otherPublic := "whpk_" + base64.StdEncoding.EncodeToString(make([]byte, 32))
	tests := []struct {
		name    string
		secrets string
		opts    webhookverify.Options
		later   time.Duration
		header  string // replaced by …
		with    string
		body    string
		want    string // part of the error
	}{
		{name: "old secret during a rotation", secrets: oldSecret},
		{name: "new secret during a rotation", secrets: newSecret},
		{name: "public key", secrets: public()},
		{name: "any of several", secrets: other + " " + otherPublic + " " + newSecret},
		{name: "a public key among several", secrets: other + " " + public()},
		{name: "another secret", secrets: other, want: "no signature matches"},
		{name: "another public key", secrets: otherPublic, want: "no signature matches"},
		{name: "five minutes late", secrets: newSecret, later: 5 * time.Minute},
		{name: "later", secrets: newSecret, later: 5*time.Minute + time.Second, want: "more than 5m0s off"},
		{name: "five minutes early", secrets: newSecret, later: -5 * time.Minute},
		{name: "earlier", secrets: newSecret, later: -5*time.Minute - time.Second, want: "more than 5m0s off"},
		{name: "less tolerance", secrets: public(), opts: webhookverify.Options{Tolerance: time.Minute}, later: 61 * time.Second, want: "more than 1m0s off"},
		{name: "another body", secrets: newSecret, body: strings.Replace(body, "3", "4", 1), want: "no signature matches"},
		{name: "another body under a public key", secrets: public(), body: strings.Replace(body, "3", "4", 1), want: "no signature matches"},
		{name: "another id", secrets: newSecret, header: "webhook-id", with: "k_1", want: "no signature matches"},
		{name: "another timestamp", secrets: public(), header: "webhook-timestamp", with: "946684801", want: "no signature matches"},
		{name: "no timestamp", secrets: newSecret, header: "webhook-timestamp", want: "missing"},
		{name: "no id", secrets: newSecret, header: "webhook-id", want: "missing"},
		{name: "no signature", secrets: newSecret, header: "webhook-signature", want: "missing"},
		{name: "timestamp in words", secrets: newSecret, header: "webhook-timestamp", with: "now", want: "not a number"},
		{name: "timestamp at the end of time", secrets: newSecret, header: "webhook-timestamp", with: "9223372036854775807", want: "off"},
		{name: "timestamp before time", secrets: newSecret, header: "webhook-timestamp", with: "-9223372036854775808", want: "off"},
		{name: "another version", secrets: newSecret, header: "webhook-signature", with: "v2,AAAA", want: "no signature matches"},
		{name: "ed25519 signature that is too short", secrets: public(), header: "webhook-signature", with: "v1a,AAAA v1a,", want: "no signature matches"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				header := signed(t, "j_3", body, time.Now().Add(-tt.later))
				if tt.header != "" {
					header.Set(tt.header, tt.with)
				}
				received := body
				if tt.body != "" {
					received = tt.body
				}
				e, err := newVerifier(t, tt.opts, strings.Fields(tt.secrets)...).Verify(header, []byte(received))
				if tt.want != "" {
					if !errors.Is(err, webhookverify.ErrUnverified) || !strings.Contains(err.Error(), tt.want) || e != (webhookverify.Event{}) {
						t.Errorf("Verify = %+v, %v; want nothing, and %q", e, err, tt.want)
					}
					return
				}
				want := webhookverify.Event{
					ID: "j_3", JobID: "j", ConversationID: "c", Status: "completed", Sequence: 3,
					OccurredAt: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), SentAt: time.Now().Add(-tt.later).UTC(),
				}
				if err != nil || e != want {
					t.Errorf("Verify = %+v, %v; want %+v", e, err, want)
				}
			})
		})
	}
}

// What is signed well is an event, or is refused as none.
func TestVerifyReadsTheEvent(t *testing.T) {
	t.Parallel()

	v := newVerifier(t, webhookverify.Options{}, newSecret)
	for _, text := range []string{"", "hello", "[]", "{}", `{"jobId":"j"}`, `{"jobId":"j","sequence":0}`, `{"jobId":"j","sequence":"1"}`, `{"sequence":1}`} {
		if e, err := v.Verify(signed(t, "x", text, time.Now()), []byte(text)); !errors.Is(err, webhookverify.ErrNoEvent) {
			t.Errorf("Verify(%q) = %+v, %v; want ErrNoEvent", text, e, err)
		}
	}
	header := signed(t, "j_3", body, time.Now())
	header.Set("Webhook-Replay", "true")
	if e, err := v.Verify(header, []byte(body)); err != nil || !e.Replay {
		t.Errorf("Verify = %+v, %v; want it a replay", e, err)
	}
}

func TestNewRefusesSecrets(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, secret, want string }{
		{"23 bytes", "whsec_" + strings.Repeat("AAAA", 7) + "AAA=", "secret 2 of 2: it must be whsec_ followed by 24 bytes or more in base64"},
		{"no base64", "whsec_" + strings.Repeat("*AAA", 8), "secret 2 of 2: it must be whsec_ followed by 24 bytes or more in base64"},
		{"no prefix", strings.Repeat("AAAA", 8), "secret 2 of 2: it must begin with whsec_ or whpk_"},
		{"empty", "", "secret 2 of 2: it must begin with whsec_ or whpk_"},
		{"short public key", "whpk_AAAA", "secret 2 of 2: it must be whpk_ followed by 32 bytes in base64"},
		{"private key", "whsk_AAAA", "secret 2 of 2: it is the private key of a sender; a receiver needs the public one, which begins with whpk_"},
	}
	for _, tt := range tests {
		if _, err := webhookverify.New([]string{newSecret, tt.secret}, webhookverify.Options{}); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := webhookverify.New(nil, webhookverify.Options{}); err == nil {
		t.Error("New takes no secret at all")
	}
}

// Nothing but a signature itself is a signature.
func FuzzSignatures(f *testing.F) {
	at := time.Now()
	header := signed(f, "j_3", body, at)
	valid := strings.Fields(header.Get("Webhook-Signature"))
	for _, seed := range append(valid, "v1,", " ", "v1a,"+valid[0], valid[1]+"=", "v1,\x00 "+valid[0], strings.ToUpper(valid[2]), valid[2]+"\n", "v1,"+strings.TrimPrefix(valid[2], "v1a,")) {
		f.Add(seed)
	}
	v := newVerifier(f, webhookverify.Options{Tolerance: 1000 * time.Hour}, oldSecret, newSecret, public())
	f.Fuzz(func(t *testing.T, signatures string) {
		h := header.Clone()
		h.Set("Webhook-Signature", signatures)
		want := false
		for s := range strings.FieldsSeq(signatures) {
			want = want || s == valid[0] || s == valid[1] || s == valid[2]
		}
		if _, err := v.Verify(h, []byte(body)); (err == nil) != want {
			t.Errorf("Verify with %q = %v, want valid %t", signatures, err, want)
		}
	})
}
