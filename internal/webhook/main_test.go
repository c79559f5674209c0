package webhook

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/turnwise/turnwise/webhookverify"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// loopback is what the receivers of tests need an exception for.
func loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

// newSender returns a Sender that may dial the loopback and signs with one
// secret.
func newSender(tb testing.TB, opts SenderOptions) *Sender {
	tb.Helper()
	s := NewSender(oneSecret(tb), NewGuard(loopback()), opts)
	tb.Cleanup(s.Close)
	return s
}

// oneSecret gives every account the same secret.
func oneSecret(tb testing.TB) Secrets {
	tb.Helper()
	secrets := []Secret{mustParse(tb, NewSecret())}
	return fixed(func(string) []Secret { return secrets })
}

// fixed returns secrets that need not be read.
func fixed(of func(account string) []Secret) Secrets {
	return func(_ context.Context, account string) ([]Secret, error) { return of(account), nil }
}

func mustParse(tb testing.TB, s string) Secret {
	tb.Helper()
	secret, err := ParseSecret(s)
	if err != nil {
		tb.Fatal(err)
	}
	return secret
}

// verify has a receiver with a secret, or its public key, look at a request.
func verify(s Secret, header http.Header, body []byte) error {
	text := s.Public()
	if text == "" {
		text = secretPrefix + base64.StdEncoding.EncodeToString(s.key)
	}
	v, err := webhookverify.New([]string{text}, webhookverify.Options{})
	if err != nil {
		return err
	}
	_, err = v.Verify(header, body)
	return err
}

func event(url string) Event {
	return Event{
		Account:        "acme",
		JobID:          "0b5e1f9a-8a1c-4c3f-9a57-3a5d1c2b4e6f",
		ConversationID: "5179649407582208",
		URL:            url,
		Status:         "completed",
		Sequence:       3,
		OccurredAt:     time.Date(2026, 3, 1, 12, 0, 0, 70_000_000, time.FixedZone("CET", 3600)),
	}
}
