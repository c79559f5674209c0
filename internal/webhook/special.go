package webhook

import "net/netip"

// publicSpace returns the blocks out of which public unicast addresses are
// assigned: all of IPv4, and the one eighth of IPv6 that is in use.
func publicSpace() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/0"),
		netip.MustParsePrefix("2000::/3"),
	}
}

// specialPurpose returns what no receiver on the internet has for an address,
// out of [publicSpace]: the IANA special-purpose address registries, the
// multicast and reserved blocks, and an address that one cloud keeps for the
// agent of its virtual machines.
func specialPurpose() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),        // this network
		netip.MustParsePrefix("10.0.0.0/8"),       // private use
		netip.MustParsePrefix("100.64.0.0/10"),    // carrier-grade NAT; metadata at Alibaba
		netip.MustParsePrefix("127.0.0.0/8"),      // loopback
		netip.MustParsePrefix("168.63.129.16/32"), // Azure WireServer
		netip.MustParsePrefix("169.254.0.0/16"),   // link-local; metadata nearly everywhere
		netip.MustParsePrefix("172.16.0.0/12"),    // private use
		netip.MustParsePrefix("192.0.0.0/24"),     // IETF protocol assignments; metadata at Oracle
		netip.MustParsePrefix("192.0.2.0/24"),     // documentation
		netip.MustParsePrefix("192.31.196.0/24"),  // AS112
		netip.MustParsePrefix("192.52.193.0/24"),  // automatic multicast tunneling
		netip.MustParsePrefix("192.88.99.0/24"),   // 6to4 relays, deprecated
		netip.MustParsePrefix("192.168.0.0/16"),   // private use
		netip.MustParsePrefix("192.175.48.0/24"),  // AS112, direct delegation
		netip.MustParsePrefix("198.18.0.0/15"),    // benchmarking
		netip.MustParsePrefix("198.51.100.0/24"),  // documentation
		netip.MustParsePrefix("203.0.113.0/24"),   // documentation
		netip.MustParsePrefix("224.0.0.0/4"),      // multicast
		netip.MustParsePrefix("240.0.0.0/4"),      // reserved, and the broadcast address

		netip.MustParsePrefix("2001::/23"),         // IETF protocol assignments, Teredo among them
		netip.MustParsePrefix("2001:db8::/32"),     // documentation
		netip.MustParsePrefix("2002::/16"),         // 6to4, which embeds an IPv4 address
		netip.MustParsePrefix("2620:4f:8000::/48"), // AS112, direct delegation
		netip.MustParsePrefix("3fff::/20"),         // documentation
	}
}

// translatedV4 returns the IPv4 address that addr stands for in 64:ff9b::/96,
// the prefix under which networks without IPv4 reach all that have nothing
// else. The other forms that embed an IPv4 address are not public.
func translatedV4(addr netip.Addr) (v4 netip.Addr, translated bool) {
	if !netip.MustParsePrefix("64:ff9b::/96").Contains(addr) {
		return netip.Addr{}, false
	}
	b := addr.As16()
	return netip.AddrFrom4([4]byte(b[12:])), true
}

// isISATAP reports whether the last half of addr is an interface identifier
// that tunnels to the IPv4 address in it, which any prefix can be put before.
func isISATAP(addr netip.Addr) bool {
	b := addr.As16()
	return addr.Is6() && b[8]&^0x03 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}
