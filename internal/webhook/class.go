package webhook

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
)

// Class says in one word how an attempt ended, for labels.
type Class string

// The classes of attempts.
const (
	Class2xx        Class = "2xx"
	Class3xx        Class = "3xx"
	Class4xx        Class = "4xx"
	Class5xx        Class = "5xx"
	ClassBusy       Class = "busy"       // 408, 425 or 429: not now
	ClassAborted    Class = "aborted"    // the receiver wants no more of it
	ClassTimeout    Class = "timeout"    // the time was up
	ClassDNS        Class = "dns"        // the name led nowhere
	ClassTLS        Class = "tls"        // no secure connection
	ClassConnection Class = "connection" // none at all, or it broke
	ClassBlocked    Class = "blocked"    // the guard refused the address
	ClassInvalid    Class = "invalid"    // nothing could be sent to such a URL
	ClassWithheld   Class = "withheld"   // nothing was sent, for want of a secret
	ClassConsent    Class = "consent"    // the receiver did not consent to webhooks
	ClassUnreadable Class = "unreadable" // what is stored of the event cannot be read
)

// Classes lists every [Class], for label sets.
func Classes() []Class {
	return []Class{
		Class2xx, Class3xx, Class4xx, Class5xx, ClassBusy, ClassAborted, ClassTimeout, ClassDNS, ClassTLS,
		ClassConnection, ClassBlocked, ClassInvalid, ClassWithheld, ClassConsent, ClassUnreadable,
	}
}

// classOfStatus returns the class of an answer.
func classOfStatus(code int) Class {
	switch code {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return ClassBusy
	}
	switch code / 100 {
	case 2:
		return Class2xx
	case 4:
		return Class4xx
	case 5:
		return Class5xx
	}
	return Class3xx // or informational, which says as little
}

// class returns that of an attempt without an answer.
func (t *trace) class(err error) Class {
	if _, ok := errors.AsType[*BlockedError](err); ok {
		return ClassBlocked
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return ClassTimeout
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return ClassDNS
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok || t.certificate || t.phase == handshaking {
		return ClassTLS
	}
	return ClassConnection
}
