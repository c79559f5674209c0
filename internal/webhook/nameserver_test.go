package webhook

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
)

// newNameServer returns a resolver that asks a name server which answers with
// one address after the other, whatever the name, and the last one for ever.
// Without any address it never answers.
func newNameServer(t *testing.T, addresses ...string) *net.Resolver {
	t.Helper()
	var lc net.ListenConfig
	conn, err := lc.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = conn.Close(); <-done })
	var asked atomic.Int64
	go func() {
		defer close(done)
		for query := make([]byte, 512); ; {
			n, from, err := conn.ReadFrom(query)
			if err != nil {
				return
			}
			if len(addresses) == 0 {
				continue
			}
			addr := netip.Addr{}
			if isA(query[:n]) {
				i := min(int(asked.Add(1)), len(addresses)) - 1
				addr = netip.MustParseAddr(addresses[i])
			}
			_, _ = conn.WriteTo(respond(query[:n], addr), from)
		}
	}()
	return &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			query, err := d.DialContext(ctx, "udp", conn.LocalAddr().String())
			if err == nil { // the resolver reads on for seconds after its caller has left
				context.AfterFunc(t.Context(), func() { _ = query.Close() })
			}
			return query, err
		},
	}
}

// isA reports whether a query is for an IPv4 address.
func isA(query []byte) bool {
	end := questionEnd(query)
	return binary.BigEndian.Uint16(query[end-4:]) == 1
}

// questionEnd returns where the only question of a query ends.
func questionEnd(query []byte) int {
	i := 12
	for query[i] != 0 {
		i += 1 + int(query[i])
	}
	return i + 5
}

// respond returns the response to a query, with addr unless it is invalid.
func respond(query []byte, addr netip.Addr) []byte {
	out := append([]byte(nil), query[:questionEnd(query)]...)
	out[2], out[3] = 0x81, 0x80 // a response, recursion available, no error
	clear(out[6:12])
	if addr.IsValid() {
		out[7] = 1                                                // one answer
		out = append(out, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4) // the name asked for, A, IN, no time to live
		out = append(out, addr.AsSlice()...)
	}
	return out
}
