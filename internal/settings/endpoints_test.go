package settings_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/webhook"
)

// certificate writes a certificate that is good until then, and its key.
func certificate(t *testing.T, until time.Time) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, like, like, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return writePEM(t, "CERTIFICATE", der), writePEM(t, "PRIVATE KEY", secret)
}

func writePEM(t *testing.T, kind string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Endpoints are those of all accounts and those of one, with headers as they stand or
// from files, and a certificate. Nothing of it is shown.
func TestEndpoints(t *testing.T) {
	t.Parallel()

	pub, key := certificate(t, time.Now().Add(time.Hour))
	file := fmt.Sprintf(`
webhook_endpoints:
  - origin: https://Hooks.example.com
    headers: {x-tenant: canary1}
    header_files: {Authorization: %q}
    certificate_file: %q
    key_file: %q
accounts:
  - id: one
    token_hashes: [%q]
    webhook_secrets: [%q]
    webhook_endpoints:
      - origin: http://10.1.2.3:8080
        headers: {X-Key: canary3}
`, write(t, "Bearer canary2\n"), pub, key, account.HashToken("a"), webhook.NewSecret())
	s, err := settings.Load([]string{"--config", write(t, file)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.WebhookEndpoints) != 2 {
		t.Fatalf("got %v, want two endpoints", s.WebhookEndpoints)
	}
	all, own := s.WebhookEndpoints[0], s.WebhookEndpoints[1]
	if all.Account != "" || all.Endpoint.Origin != "https://hooks.example.com:443" || all.Header.Get("X-Tenant") != "canary1" ||
		all.Header.Get("Authorization") != "Bearer canary2" || all.Certificate == nil {
		t.Errorf("of all accounts: %+v, want origin, two headers and a certificate", all)
	}
	if own.Account != "one" || own.Endpoint.Origin != "http://10.1.2.3:8080" || own.Header.Get("X-Key") != "canary3" || own.Certificate != nil {
		t.Errorf("of one account: %+v, want origin and a header", own)
	}
	if shown := fmt.Sprintf("%v %+v %#v %v", s.WebhookEndpoints, s.WebhookEndpoints, own, s); strings.Contains(shown, "canary") {
		t.Errorf("shown as %s", shown)
	}
	if _, err := settings.Load([]string{"--config", write(t, strings.ReplaceAll(file, key, "/nowhere")), "--roles=api", "--redis-url=redis://127.0.0.1"}, nil); err != nil {
		t.Errorf("a process that sends nothing: %v, want no file read", err)
	}
}

func TestMistakesOfEndpoints(t *testing.T) {
	t.Parallel()

	pub, key := certificate(t, time.Now().Add(time.Hour))
	other, _ := certificate(t, time.Now().Add(time.Hour))
	const to = "origin: https://example.com, "
	tests := []struct{ name, list, want string }{
		{"no list", "{}", "webhook_endpoints in %s must be a list"},
		{"no endpoint", "[x]", "webhook_endpoints[0] in %s must have an origin, and headers, header_files, or a certificate_file and a key_file"},
		{"no origin", "[{headers: {X-A: b}}]", "webhook_endpoints[0] in %s must have an origin, as in https://example.com"},
		{"origin with a path", "[{origin: https://example.com/hook}]", "webhook_endpoints[0].origin in %s must be scheme, host and port alone, as in https://example.com or https://10.1.2.3:8443"},
		{"origin with a user", "[{origin: https://a:canary@example.com}]", "webhook_endpoints[0].origin in %s must be scheme, host and port alone, as in https://example.com or https://10.1.2.3:8443"},
		{"no scheme", "[{origin: example.com}]", "webhook_endpoints[0].origin in %s must be scheme, host and port alone, as in https://example.com or https://10.1.2.3:8443"},
		{"twice", "[{origin: https://example.com}, {origin: 'https://EXAMPLE.com:443'}]", "webhook_endpoints[1].origin in %s is that of another one of the list; put all that it wants into one"},
		{"unknown", "[{" + to + "header: {}}]", "webhook_endpoints[0].header in %s is not a setting; an endpoint has origin, headers, header_files, certificate_file and key_file"},
		{"headers a list", "[{" + to + "headers: [canary]}]", "webhook_endpoints[0].headers in %s must have the names of headers, each with a text"},
		{"a number", "[{" + to + "headers: {X-A: 0123456}}]", "webhook_endpoints[0].headers.X-A in %s must be a text; put it into quotes"},
		{"ours", "[{" + to + "headers: {webhook-signature: canary}}]", "webhook_endpoints[0].headers.webhook-signature in %s is a header that Turnwise writes itself, or that belongs to the connection; take it out"},
		{"the host", "[{" + to + "headers: {HOST: canary}}]", "webhook_endpoints[0].headers.HOST in %s is a header that Turnwise writes itself, or that belongs to the connection; take it out"},
		{"no name", "[{" + to + "headers: {'a b': canary}}]", "webhook_endpoints[0].headers.a b in %s is no name of a header, which has letters, digits and hyphens"},
		{"a line break", "[{" + to + `headers: {X-A: "canary\nX-B: c"}}]`, "webhook_endpoints[0].headers.X-A in %s has a value that no header may have: with a blank at an end, a line break or a control character in it"},
		{"no value", "[{" + to + `headers: {X-A: ""}}]`, "webhook_endpoints[0].headers.X-A in %s is empty; give it a value, or take it out"},
		{"in both places", "[{" + to + `headers: {X-A: a}, header_files: {x-a: ` + write(t, "canary") + "}}]", "webhook_endpoints[0].headers.X-A in"},
		{"no such file", "[{" + to + "header_files: {X-A: /nowhere/x}}]", "webhook_endpoints[0].header_files.X-A in %s cannot be used: the file cannot be read: open /nowhere/x: no such file or directory"},
		{"no key", "[{" + to + "certificate_file: " + pub + "}]", "webhook_endpoints[0].certificate_file in %s needs a key_file beside it"},
		{"no certificate", "[{" + to + "key_file: " + key + "}]", "webhook_endpoints[0].key_file in %s needs a certificate_file beside it"},
		{"no TLS", "[{origin: http://example.com, certificate_file: " + pub + ", key_file: " + key + "}]", "webhook_endpoints[0].certificate_file in %s is for https only, and the origin begins with http"},
		{"no such key", "[{" + to + "certificate_file: " + pub + ", key_file: /nowhere/k}]", "webhook_endpoints[0].key_file in %s cannot be used: the file cannot be read: open /nowhere/k: no such file or directory"},
		{"another's key", "[{" + to + "certificate_file: " + other + ", key_file: " + key + "}]", "webhook_endpoints[0].certificate_file in %s is of no use with key_file: tls: private key does not match public key; both must be PEM, the certificate first and those of its issuers behind it"},
		{"no PEM", "[{" + to + "certificate_file: " + write(t, "canary") + ", key_file: " + key + "}]", "webhook_endpoints[0].certificate_file in %s is of no use with key_file: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			path := write(t, "webhook_endpoints: "+tt.list)
			_, err := settings.Load([]string{"--config", path}, nil)
			want := strings.ReplaceAll(tt.want, "%s", path)
			if tt.name == "in both places" {
				want = "is given twice; take one of them out"
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("Load: %v, want %s", err, want)
			}
			if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "mistakes") {
				t.Errorf("Load: %v, want one mistake that repeats no value", err)
			}
		})
	}
}

func TestCertificateThatHasExpired(t *testing.T) {
	t.Parallel()

	pub, key := certificate(t, time.Now().Add(-time.Hour))
	path := write(t, "webhook_endpoints: [{origin: https://example.com, certificate_file: "+pub+", key_file: "+key+"}]")
	s, err := settings.Load([]string{"--config", path}, nil)
	if err != nil || !slices.ContainsFunc(s.Warnings, func(w string) bool { return strings.Contains(w, "certificate_file in "+path+" has expired on ") }) {
		t.Errorf("Load warns %q, %v; want that it has expired", s.Warnings, err)
	}
}
