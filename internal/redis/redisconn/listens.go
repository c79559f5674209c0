package redisconn

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"sync"
	"time"
)

// step bounds each of the steps in which it is found out what is wrong.
const step = timeout / 3

// A finding is what is wrong with one address. Of several the weightiest one
// is told.
type finding struct {
	weight   int
	sentence string
}

// The weights of findings.
const (
	nobody = iota // the connection is refused
	mute          // it is made, and nothing comes back
	certain
)

// listens says who listens at the addresses, instead of the one who was
// expected.
func (t target) listens(ctx context.Context, who string, addrs []string) string {
	found := make([]finding, len(addrs))
	var asked sync.WaitGroup
	for i, addr := range addrs {
		asked.Go(func() { found[i] = listener{who: who, addr: addr, target: t}.find(ctx) })
	}
	asked.Wait()
	worst := finding{nobody, "Nobody answers at " + strings.Join(addrs, ", ") + "; is " + who + " running, and is the address in TURNWISE_REDIS_URL right?"}
	for _, f := range found {
		if f.weight > worst.weight {
			worst = f
		}
	}
	return worst.sentence
}

// A listener is who listens at an address, where who is expected.
type listener struct {
	who, addr string
	target    target
}

func (l listener) find(ctx context.Context) finding {
	conn, err := l.dial(ctx)
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return finding{certain, "The host " + dns.Name + " of TURNWISE_REDIS_URL is unknown; correct its name."}
		}
		return finding{certain, "The host " + dns.Name + " of TURNWISE_REDIS_URL cannot be looked up; does the name service answer?"}
	}
	if err != nil {
		return finding{}
	}
	defer conn.Close() //nolint:errcheck // it only served to ask
	if l.target.tls {
		return l.encrypted(ctx, conn)
	}
	return l.plain(ctx, conn)
}

func (l listener) dial(ctx context.Context) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", l.addr)
	if err != nil {
		return nil, err
	}
	return conn, conn.SetDeadline(time.Now().Add(step))
}

// plain finds what is wrong where no TLS is expected.
func (l listener) plain(ctx context.Context, conn net.Conn) finding {
	client := tls.Client(conn, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // nothing is sent but PING, to see whether it is TLS
	if client.HandshakeContext(ctx) == nil {
		if speaks(client) == another {
			return l.foreignFinding()
		}
		return finding{certain, l.at() + " speaks TLS; use " + l.target.scheme(true) + " instead of " + l.target.scheme(false) + " in TURNWISE_REDIS_URL."}
	}
	if l.speaksPlainly(ctx) == another {
		return l.foreignFinding()
	}
	return l.silentFinding()
}

// encrypted finds what is wrong where TLS is expected.
func (l listener) encrypted(ctx context.Context, conn net.Conn) finding {
	host, _, _ := net.SplitHostPort(l.addr) // it was dialled
	asked := false                          // for a certificate of ours
	client := tls.Client(conn, &tls.Config{
		MinVersion: tls.VersionTLS12,
		ServerName: host,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			asked = true
			return new(tls.Certificate), nil
		},
	})
	err := client.HandshakeContext(ctx)
	if f, bad := l.certificate(host, err); bad {
		return f
	}
	said := nothing
	if err == nil {
		said = speaks(client)
	}
	switch {
	case said == another:
		return l.foreignFinding()
	case said == nothing && asked: // with TLS 1.3 it hangs up only after the handshake
		return finding{certain, l.at() + " wants a certificate of its clients, and Turnwise has none; set tls-auth-clients no there."}
	case err == nil:
		return l.silentFinding()
	}
	switch l.speaksPlainly(ctx) {
	case another:
		return l.foreignFinding()
	case redisReply:
		return finding{certain, l.at() + " does not speak TLS; use " + l.target.scheme(false) + " instead of " + l.target.scheme(true) + " in TURNWISE_REDIS_URL."}
	default:
		return finding{mute, "The TLS connection to " + l.at() + " fails; is it Redis, and does it answer?"}
	}
}

// certificate says what is wrong with the certificate, if that is it.
func (l listener) certificate(host string, err error) (f finding, bad bool) {
	its := "The certificate of " + l.at()
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return finding{certain, its + " is signed by an authority that this machine does not trust; add that to its trusted certificates, or name its file in SSL_CERT_FILE."}, true
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return finding{certain, its + " is not valid for the host " + host + "; name one in TURNWISE_REDIS_URL that it is valid for, or have a certificate for this one made."}, true
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return finding{certain, its + " has expired, or is not valid yet by the clock of this machine; renew it, or set the clock."}, true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return finding{certain, its + " is not valid; the rest of this message says why."}, true
	}
	return finding{}, false
}

// A protocol is what a listener was found to speak.
type protocol int

const (
	nothing protocol = iota
	redisReply
	another
)

func (l listener) speaksPlainly(ctx context.Context) protocol {
	conn, err := l.dial(ctx) // a new one: the other has seen what it does not understand
	if err != nil {
		return nothing
	}
	defer conn.Close() //nolint:errcheck // it only served to ask
	return speaks(conn)
}

// speaks asks in the words of Redis, for some time.
func speaks(conn net.Conn) protocol {
	_ = conn.SetDeadline(time.Now().Add(step)) // without one the other end has its own
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return nothing
	}
	first := make([]byte, 1)
	switch _, err := conn.Read(first); {
	case err != nil:
		return nothing
	case first[0] == '+' || first[0] == '-':
		return redisReply
	default:
		return another
	}
}

func (l listener) at() string { return l.who + " at " + l.addr }

func (l listener) silentFinding() finding { return finding{mute, l.at() + " does not answer."} }

func (l listener) foreignFinding() finding {
	return finding{certain, "What answers at " + l.addr + " is no Redis; correct the address in TURNWISE_REDIS_URL."}
}
