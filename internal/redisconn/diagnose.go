package redisconn

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// Diagnose adds to an error of the first contact with the Redis of a URL what
// its cause is, in a sentence for the operator. It may connect to find out,
// for two seconds at most.
func Diagnose(ctx context.Context, rawURL string, err error) error {
	sentence, answered := explain(err)
	t, bad := parse(rawURL)
	if !answered && bad == nil && t.kind != sentinel && !strings.HasPrefix(rawURL, "unix:") {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		sentence = t.listensTo(ctx, t.addrs[0])
	}
	return fmt.Errorf("%s (%w)", sentence, err)
}

// listensTo says who listens at an address.
func (t target) listensTo(ctx context.Context, addr string) string {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return "The host " + dns.Name + " of TURNWISE_REDIS_URL is unknown; correct its name."
	}
	if err != nil {
		return "Nobody answers at " + addr + "; is Redis running, and is the address in TURNWISE_REDIS_URL right?"
	}
	defer conn.Close() //nolint:errcheck // it only served to ask
	_ = conn.SetDeadline(time.Now().Add(timeout / 2))
	if t.tls {
		if _, err = conn.Write([]byte("PING\r\n")); err == nil && speaksRedis(conn) {
			return "Redis at " + addr + " does not speak TLS; use redis:// instead of rediss:// in TURNWISE_REDIS_URL."
		}
		return "The TLS connection to " + addr + " fails; its certificate must be valid for that host and signed by an authority that this machine trusts."
	}
	client := tls.Client(conn, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // nothing is sent, it is only to see whether it is TLS
	if client.HandshakeContext(ctx) == nil {
		return "Redis at " + addr + " speaks TLS; use rediss:// instead of redis:// in TURNWISE_REDIS_URL."
	}
	return silent
}

// speaksRedis tells whether what is read begins as a reply of Redis does.
func speaksRedis(conn net.Conn) bool {
	first := make([]byte, 1)
	_, err := conn.Read(first)
	return err == nil && (first[0] == '+' || first[0] == '-')
}
