package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Each kind of failure has its own words, whatever it is wrapped in, and says
// in which phase it came.
func TestExplain(t *testing.T) {
	t.Parallel()

	untrusted := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	tests := []struct {
		name        string
		err         error
		phase       phase
		certificate bool // the receiver asked for one
		want        string
	}{
		{"refused by the guard", &BlockedError{Address: "10.0.0.1:80"}, connecting, false, (&BlockedError{}).Error()},
		{"the attempt's time was up", context.DeadlineExceeded, sending, false, "the time was up while sending the request"},
		{"a network's time was up", os.NewSyscallError("connect", syscall.ETIMEDOUT), connecting, false, "the time was up while connecting"},
		{"a name server's time was up", &net.DNSError{IsTimeout: true}, resolving, false, "the time was up while resolving the host name"},
		{"interrupted", context.Canceled, waiting, false, "the attempt was interrupted while waiting for the answer"},
		{"unknown name", &net.DNSError{IsNotFound: true}, resolving, false, "the name was not found while resolving the host name"},
		{"name server that fails", &net.DNSError{Err: "server misbehaving"}, resolving, false, "the name server failed while resolving the host name"},
		{"another host's certificate", untrusted(x509.HostnameError{Host: "a"}), handshaking, false, "the certificate was for another host while agreeing on TLS"},
		{"unknown authority", untrusted(x509.UnknownAuthorityError{}), handshaking, false, "the certificate was by an unknown authority while agreeing on TLS"},
		{"expired", untrusted(x509.CertificateInvalidError{Reason: x509.Expired}), handshaking, false, "the certificate had expired while agreeing on TLS"},
		{"otherwise invalid", untrusted(x509.CertificateInvalidError{Reason: x509.TooManyIntermediates}), handshaking, false, "the certificate was not valid while agreeing on TLS"},
		{"untrusted for another reason", untrusted(errors.New("odd")), handshaking, false, "the certificate was not valid while agreeing on TLS"},
		{"untrusted, and asked for one", untrusted(x509.UnknownAuthorityError{}), handshaking, true, "the certificate was by an unknown authority while agreeing on TLS"},
		{"closed after it asked for a certificate", io.EOF, waiting, true, "the receiver asked for a client certificate, which webhooks to it do not carry, and closed the connection while waiting for the answer"},
		{"refused", os.NewSyscallError("connect", syscall.ECONNREFUSED), connecting, false, "connection refused while connecting"},
		{"closed", io.EOF, waiting, false, "the connection was closed while waiting for the answer"},
		{"closed in the middle", io.ErrUnexpectedEOF, waiting, false, "the connection was closed while waiting for the answer"},
		{"no HTTP", errors.New("malformed HTTP response"), waiting, false, "something that is not HTTP, or too long, came while waiting for the answer"},
		{"odd", errors.New("odd"), sending, false, "the connection failed while sending the request"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			tr := newTrace(time.Now())
			tr.phase, tr.certificate = tt.phase, tt.certificate
			wrapped := fmt.Errorf("send: %w", &net.OpError{Op: "dial", Net: "tcp", Err: tt.err})
			for _, err := range []error{tt.err, wrapped} {
				if got := tr.explain(err); got != tt.want {
					t.Errorf("explain(%v) = %q, want %q", err, got, tt.want)
				}
			}
		})
	}
}

// What the owner reads of an answer names the status, and where a redirect
// leads to, cut after 256 bytes.
func TestAnswerInWords(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name     string
		code     int
		location string
		want     string
	}{
		{"broken", 500, "", "the receiver answered 500 Internal Server Error"},
		{"unknown status", 599, "", "the receiver answered 599 which is no known status"},
		{"redirect", 302, "/x", "the receiver answered 302 Found; redirects are not followed, this one leads to /x"},
		{"redirect to nowhere", 302, "", "the receiver answered 302 Found"},
		{"a location that is no redirect", 503, "/x", "the receiver answered 503 Service Unavailable"},
		{
			"redirect to far away", 308, strings.Repeat("a", 300),
			"the receiver answered 308 Permanent Redirect; redirects are not followed, this one leads to " + strings.Repeat("a", 256),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			h := http.Header{}
			if tt.location != "" {
				h.Set("Location", tt.location)
			}
			if got := resultOf(&http.Response{StatusCode: tt.code, Header: h}, time.Now()).Attempt.Error; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
