package webhook

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
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

// The library of the specification accepts what is signed here, and the other
// way round.
func TestSignatureAgreesWithTheStandard(t *testing.T) {
	t.Parallel()

	secret := NewSecret()
	standard, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	body, now := []byte(`{"jobId":"j","status":"completed"}`), time.Now()

	ours := http.Header{}
	if err := sign(ours, []Secret{mustParse(t, NewSecret()), mustParse(t, secret)}, "j_1", now, body); err != nil {
		t.Fatal(err)
	}
	if err := standard.Verify(body, ours); err != nil {
		t.Errorf("the library says %v of our signature", err)
	}

	signature, err := standard.Sign("j_1", now, body)
	if err != nil {
		t.Fatal(err)
	}
	theirs := http.Header{}
	theirs.Set("webhook-id", "j_1")
	theirs.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	theirs.Set("webhook-signature", signature)
	if err := Verify([]Secret{mustParse(t, secret)}, theirs, body, now); err != nil {
		t.Errorf("we say %v of the library's signature", err)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()

	oldSecret, newSecret, other := mustParse(t, NewSecret()), mustParse(t, NewSecret()), mustParse(t, NewSecret())
	at := time.Unix(1_780_000_000, 0)
	const body = `{"jobId":"j"}`
	tests := []struct {
		name      string
		secrets   []Secret
		later     time.Duration
		header    string // replaced by …
		with      string
		body      string
		wantError string // part of it
	}{
		{name: "old secret during a rotation", secrets: []Secret{oldSecret}},
		{name: "new secret during a rotation", secrets: []Secret{newSecret}},
		{name: "any of several", secrets: []Secret{other, newSecret}},
		{name: "another secret", secrets: []Secret{other}, wantError: "no signature matches"},
		{name: "no secret", wantError: "no signature matches"},
		{name: "the zero secret", secrets: []Secret{{}}, header: headerSignature, with: Secret{}.signature("j_1", strconv.FormatInt(at.Unix(), 10), []byte(body)), wantError: "no signature matches"},
		{name: "five minutes late", secrets: []Secret{newSecret}, later: 5 * time.Minute},
		{name: "later", secrets: []Secret{newSecret}, later: 5*time.Minute + time.Second, wantError: "five minutes off"},
		{name: "five minutes early", secrets: []Secret{newSecret}, later: -5 * time.Minute},
		{name: "earlier", secrets: []Secret{newSecret}, later: -5*time.Minute - time.Second, wantError: "five minutes off"},
		{name: "another body", secrets: []Secret{newSecret}, body: `{"jobId":"k"}`, wantError: "no signature matches"},
		{name: "another id", secrets: []Secret{newSecret}, header: headerID, with: "k_1", wantError: "no signature matches"},
		{name: "another timestamp", secrets: []Secret{newSecret}, header: headerTimestamp, with: "1780000001", wantError: "no signature matches"},
		{name: "no timestamp", secrets: []Secret{newSecret}, header: headerTimestamp, wantError: "missing"},
		{name: "no id", secrets: []Secret{newSecret}, header: headerID, wantError: "missing"},
		{name: "no signature", secrets: []Secret{newSecret}, header: headerSignature, wantError: "missing"},
		{name: "timestamp in words", secrets: []Secret{newSecret}, header: headerTimestamp, with: "now", wantError: "not a number"},
		{name: "timestamp at the end of time", secrets: []Secret{newSecret}, header: headerTimestamp, with: "9223372036854775807", wantError: "five minutes off"},
		{name: "timestamp before time", secrets: []Secret{newSecret}, header: headerTimestamp, with: "-9223372036854775808", wantError: "five minutes off"},
		{name: "another version", secrets: []Secret{newSecret}, header: headerSignature, with: "v2,AAAA", wantError: "no signature matches"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			h := http.Header{}
			if err := sign(h, []Secret{oldSecret, newSecret}, "j_1", at, []byte(body)); err != nil {
				t.Fatal(err)
			}
			if tt.header != "" {
				h.Set(tt.header, tt.with)
			}
			received := body
			if tt.body != "" {
				received = tt.body
			}
			err := Verify(tt.secrets, h, []byte(received), at.Add(tt.later))
			if tt.wantError == "" && err != nil {
				t.Errorf("Verify = %v, want nil", err)
			}
			if tt.wantError != "" && (err == nil || !strings.Contains(err.Error(), tt.wantError)) {
				t.Errorf("Verify = %v, want %q", err, tt.wantError)
			}
		})
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

// Nothing but the signature itself is a signature.
func FuzzVerify(f *testing.F) {
	secret, err := ParseSecret("whsec_" + strings.Repeat("AAAA", 8))
	if err != nil {
		f.Fatal(err)
	}
	at, body := time.Unix(1_780_000_000, 0), []byte(`{}`)
	signed := http.Header{}
	if err := sign(signed, []Secret{secret}, "j_1", at, body); err != nil {
		f.Fatal(err)
	}
	valid := signed.Get(headerSignature)
	for _, seed := range []string{valid, "v1,", " ", "v1a," + valid, valid + "=", "v1,\x00 " + valid, strings.ToUpper(valid)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, signatures string) {
		h := signed.Clone()
		h.Set(headerSignature, signatures)
		want := false
		for s := range strings.FieldsSeq(signatures) {
			want = want || s == valid
		}
		if err := Verify([]Secret{secret}, h, body, at); (err == nil) != want {
			t.Errorf("Verify with %q = %v, want valid %t", signatures, err, want)
		}
	})
}
