package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"syscall"
)

// explain puts the reason why there was no answer into words for the owner of
// the job. They are chosen by the kind of the error and never taken from its
// text, because that names addresses which are none of the owner's business:
// the resolver's, and the receiver's in the operator's own network.
func (t *trace) explain(err error) string {
	if blocked, ok := errors.AsType[*BlockedError](err); ok {
		return blocked.Error()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cause(err) + " while " + string(t.phase)
}

func (t *trace) cause(err error) string {
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return "the time was up"
	}
	if errors.Is(err, context.Canceled) {
		return "the attempt was interrupted"
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return "the name was not found"
		}
		return "the name server failed"
	}
	if bad, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return certificateError(bad)
	}
	if t.certified {
		return "the receiver asked for a client certificate, was shown the one that is configured, and closed the connection"
	}
	if t.certificate {
		return "the receiver asked for a client certificate, which webhooks to it do not carry, and closed the connection"
	}
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number.Error()
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the connection was closed"
	}
	if t.phase == waiting {
		return "something that is not HTTP, or too long, came"
	}
	return "the connection failed"
}

// certificateError says what is wrong with a certificate.
func certificateError(err *tls.CertificateVerificationError) string {
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the certificate was for another host"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "the certificate was by an unknown authority"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "the certificate had expired"
	}
	return "the certificate was not valid"
}
