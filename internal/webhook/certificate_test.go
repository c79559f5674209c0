package webhook

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A receiver that lets nobody in without a certificate says so by an alert,
// which comes with the handshake up to TLS 1.2 and after it from TLS 1.3 on.
func TestReceiverWantsAClientCertificate(t *testing.T) {
	t.Parallel()

	const wants = "the receiver asked for a client certificate, which webhooks to it do not carry, and closed the connection while "
	tests := []struct {
		name    string
		version uint16
		auth    tls.ClientAuthType
		want    string // beginning of the error
	}{
		{"TLS 1.2", tls.VersionTLS12, tls.RequireAndVerifyClientCert, wants + "agreeing on TLS"},
		{"TLS 1.3", tls.VersionTLS13, tls.RequireAndVerifyClientCert, wants},
		{"any certificate, TLS 1.2", tls.VersionTLS12, tls.RequireAnyClientCert, wants + "agreeing on TLS"},
		{"any certificate, TLS 1.3", tls.VersionTLS13, tls.RequireAnyClientCert, wants},
		{"if there is one, TLS 1.2", tls.VersionTLS12, tls.VerifyClientCertIfGiven, ""},
		{"if there is one, TLS 1.3", tls.VersionTLS13, tls.RequestClientCert, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.TLS = &tls.Config{MaxVersion: tt.version, ClientAuth: tt.auth}
			server.StartTLS()
			t.Cleanup(server.Close)
			sender := newSender(t, SenderOptions{})
			sender.transport.TLSClientConfig.RootCAs = x509.NewCertPool()
			sender.transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
			for range 20 {
				r := sender.Send(t.Context(), event(server.URL), 1)
				if (r.Outcome == Delivered) != (tt.want == "") || !strings.HasPrefix(r.Attempt.Error, tt.want) {
					t.Fatalf("got %s, %q; want %q", r.Outcome, r.Attempt.Error, tt.want)
				}
			}
		})
	}
}
