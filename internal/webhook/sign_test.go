package webhook

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func TestParseSecret(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, secret string
		valid        bool
	}{
		{"24 bytes", "whsec_" + strings.Repeat("AAAA", 8), true},
		{"64 bytes", "whsec_" + strings.Repeat("AAAA", 21) + "AA==", true},
		{"23 bytes", "whsec_" + strings.Repeat("AAAA", 7) + "AAA=", false},
		{"65 bytes", "whsec_" + strings.Repeat("AAAA", 21) + "AAA=", false},
		{"no prefix", strings.Repeat("AAAA", 8), false},
		{"no base64", "whsec_" + strings.Repeat("*AAA", 8), false},
		{"24 bytes and what is no base64", "whsec_" + strings.Repeat("AAAA", 8) + "*", false},
		{"empty", "", false},
		{"private key", "whsk_" + base64.StdEncoding.EncodeToString(ed25519.NewKeyFromSeed(make([]byte, 32))), true},
		{"seed of a private key", "whsk_" + strings.Repeat("AAAA", 10) + "AAA=", true},
		{"private key of 33 bytes", "whsk_" + strings.Repeat("AAAA", 11), false},
		{"private key with another public one", "whsk_" + strings.Repeat("AAAA", 21) + "AA==", false},
		{"public key", "whpk_" + strings.Repeat("AAAA", 10) + "AAA=", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			_, err := ParseSecret(tt.secret)
			if (err == nil) != tt.valid {
				t.Fatalf("ParseSecret = %v, want valid %t", err, tt.valid)
			}
			if err != nil && strings.Contains(err.Error(), "AAAA") {
				t.Errorf("the error %q repeats the secret", err)
			}
		})
	}
}

func TestNewSecretsDiffer(t *testing.T) {
	t.Parallel()

	a, b := NewSecret(), NewSecret()
	mustParse(t, a)
	if a == b || len(a) != len("whsec_")+44 {
		t.Errorf("got %d and %d characters, want two different secrets of 32 bytes", len(a), len(b))
	}
}

func TestSecretDoesNotPrintItself(t *testing.T) {
	t.Parallel()

	s := mustParse(t, "whsec_"+strings.Repeat("QUFB", 8)) // AAA…, 65 65 65…, 41 41 41…
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&out, verb+" "+verb+"\n", s, []any{&s, struct{ S Secret }{s}})
	}
	for line := range strings.Lines(out.String()) {
		if strings.Count(line, "whsec_[redacted]") < 3 {
			t.Errorf("got %q, want a placeholder for each secret", line)
		}
	}
	out.WriteString(s.String())
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", slog.Any("secret", s))
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", slog.Any("secret", s))
	for _, leak := range []string{"QUFB", "AAAAAA", "65 65 65", "41414141", "0x41, 0x41"} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("%q is in what was printed:\n%s", leak, out.String())
		}
	}
}

// What is signed here is accepted by the library of the specification, which knows
// one scheme, and by ours, which knows both, whichever secret a receiver has.
func TestSignaturesVerify(t *testing.T) {
	t.Parallel()

	hmacSecret, seed := NewSecret(), "whsk_"+base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))
	private := NewSecretOf(Ed25519)
	body := []byte(`{"jobId":"j","status":"completed","sequence":3}`)
	h := http.Header{}
	secrets := []Secret{mustParse(t, NewSecret()), mustParse(t, private), mustParse(t, hmacSecret), mustParse(t, seed)}
	if err := sign(h, secrets, "j_1", time.Now(), body); err != nil {
		t.Fatal(err)
	}
	standard, err := standardwebhooks.NewWebhook(hmacSecret)
	if err != nil {
		t.Fatal(err)
	}
	if err := standard.Verify(body, h); err != nil {
		t.Errorf("the library says %v of our signature", err)
	}
	for _, s := range secrets {
		if err := verify(s, h, body); err != nil {
			t.Errorf("a receiver with %s: %v", s, err)
		}
	}
	for _, s := range []string{NewSecret(), NewSecretOf(Ed25519)} {
		if verify(mustParse(t, s), h, body) == nil {
			t.Error("a receiver takes what was signed with another secret")
		}
	}
}

// The names of secrets tell them apart, and the public key is that of the private
// one, however that is written.
func TestSecretsHaveNames(t *testing.T) {
	t.Parallel()

	seed := []byte("0123456789abcdef0123456789abcdef")
	whole := base64.StdEncoding.EncodeToString(ed25519.NewKeyFromSeed(seed))
	a, b := mustParse(t, "whsk_"+base64.StdEncoding.EncodeToString(seed)), mustParse(t, "whsk_"+whole)
	if a.Public() != b.Public() || a.ID() != b.ID() || a.Scheme() != Ed25519 || len(a.Public()) != len("whpk_")+44 {
		t.Errorf("got %s %s and %s %s, want one key", a.ID(), a.Public(), b.ID(), b.Public())
	}
	shared := mustParse(t, "whsec_"+base64.StdEncoding.EncodeToString(seed))
	if shared.ID() == a.ID() || shared.ID() == mustParse(t, NewSecret()).ID() || shared.Public() != "" || shared.Scheme() != HMAC {
		t.Errorf("got %s %s of %s, want a name of its own and no public key", shared.ID(), shared.Public(), shared.Scheme())
	}
	for _, scheme := range Schemes() {
		if s := mustParse(t, NewSecretOf(scheme)); s.Scheme() != scheme {
			t.Errorf("a new secret of %s is of %s", scheme, s.Scheme())
		}
	}
}

// There is no way to a header without a signature, or with one that anybody
// can make.
func TestSignNeedsASecret(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		secrets []Secret
	}{
		{"none", nil},
		{"the zero secret", []Secret{{}}},
		{"the zero secret beside a good one", []Secret{mustParse(t, NewSecret()), {}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			h := http.Header{}
			if err := sign(h, tt.secrets, "j_1", time.Now(), nil); !errors.Is(err, errNoSecret) || len(h) != 0 {
				t.Errorf("sign = %v with header %v, want %v and none", err, h, errNoSecret)
			}
		})
	}
}
