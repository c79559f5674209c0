package webhook

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"syscall"
)

// A Guard keeps deliveries out of the networks that the dispatcher can reach
// and the author of a URL should not: the machine itself, its neighbours, the
// metadata service of a cloud.
//
// It judges the address that a socket is about to connect to, because nothing
// earlier can be relied on: a name may resolve to another address than a
// moment ago, http://①②⑦.⓪.⓪.①/ and http://:80/ are the loopback by the time
// net/http dials. It fails closed: what it does not understand is refused. An
// IPv6 translation prefix that a network chose for itself, out of the public
// space, cannot be told from other public addresses; nothing else is let by.
//
// The zero Guard refuses every address.
type Guard struct {
	allow   []netip.Prefix // the operator's exceptions
	public  []netip.Prefix // what may be dialled …
	special []netip.Prefix // … but for this
}

// NewGuard returns a Guard that lets through what is public, and whatever is
// in one of the allow prefixes.
func NewGuard(allow []netip.Prefix) *Guard {
	return &Guard{
		allow:   slices.Clone(allow),
		public:  publicSpace(),
		special: specialPurpose(),
	}
}

// A BlockedError reports that a [Guard] refused an address. The text does not
// name it, so that a URL's author learns nothing of what a name resolves to
// inside the operator's network.
type BlockedError struct {
	Address string // for the operator's log only
}

func (e *BlockedError) Error() string {
	return "the receiver's address is not allowed; an operator can allow it with TURNWISE_WEBHOOK_ALLOW_CIDRS"
}

// Control is for [net.Dialer.ControlContext]. It returns a [*BlockedError]
// unless address is an IP address and port that may be dialled over network.
func (g *Guard) Control(_ context.Context, network, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" || !g.permits(target.Addr()) {
		return &BlockedError{Address: address}
	}
	return nil
}

// permits reports whether addr may be dialled. An address that stands for an
// IPv4 address behind a translator is judged by that one.
func (g *Guard) permits(addr netip.Addr) bool {
	if addr.Zone() != "" {
		return false
	}
	addr = addr.Unmap()
	if within(g.allow, addr) {
		return true
	}
	if v4, translated := translatedV4(addr); translated {
		return g.permits(v4)
	}
	return within(g.public, addr) && !within(g.special, addr) && !isISATAP(addr)
}

func within(prefixes []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// CheckURL returns the error of [CheckURL], or one if the host of raw is an
// address that the guard refuses, which no look-up will change. It is what is left
// of a sentence that begins with the name of the field.
func (g *Guard) CheckURL(raw string) error {
	u, err := ParseURL(raw)
	if err != nil {
		return err
	}
	if addresses := literal(u.Hostname()); len(addresses) > 0 && !slices.ContainsFunc(addresses, g.permits) {
		return errors.New("must lead to a public address; an operator can allow others with TURNWISE_WEBHOOK_ALLOW_CIDRS")
	}
	return nil
}

// literal returns the addresses that a host stands for by itself: that which it
// is, or those of the machine, if that is what it is called. It returns none for
// any other name.
func literal(host string) []netip.Addr {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}
	}
	if name := strings.TrimSuffix(host, "."); name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
	}
	return nil
}
