package webhook

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
)

func TestGuardJudgesAddresses(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		refused string // addresses, separated by blanks
	}{
		{"loopback, unspecified and private", "127.0.0.1 127.255.255.254 0.0.0.0 :: ::1 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255 fc00::1 fdff::1"},
		{"link-local and metadata", "169.254.169.254 ::ffff:169.254.169.254 fe80::1 febf::1 fd00:ec2::254"},
		{"this network", "0.1.2.3 0.255.255.255"},
		{"carrier-grade NAT", "100.64.0.1 100.100.100.200 100.127.255.255"},
		{"protocol assignments", "192.0.0.1 192.0.0.192 192.0.0.255"},
		{"documentation, benchmarks, relays", "192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 198.19.255.255 192.88.99.1"},
		{"AS112 and AMT", "192.31.196.1 192.52.193.1 192.175.48.1 2620:4f:8000::1"},
		{"multicast", "224.0.0.1 239.1.1.1 ff02::1 ff0e::1"},
		{"reserved and broadcast", "240.0.0.1 254.255.255.255 255.255.255.255"},
		{"the agent of a cloud", "168.63.129.16"},
		{"IPv4-mapped", "::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:168.63.129.16"},
		{"IPv4-compatible and IPv4-translated", "::127.0.0.1 ::8.8.8.8 ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8"},
		{"NAT64 to what is refused", "64:ff9b::127.0.0.1 64:ff9b::169.254.169.254 64:ff9b::a00:1 64:ff9b::168.63.129.16"},
		{"local NAT64", "64:ff9b:1::127.0.0.1 64:ff9b:1::8.8.8.8"},
		{"6to4", "2002:7f00:1:: 2002:a9fe:a9fe:: 2002:808:808::1"},
		{"Teredo", "2001:0:7f00:1:: 2001::1"},
		{"IETF protocol assignments", "2001:1::1 2001:2::1 2001:10::1 2001:20::1 2001:1ff::1"},
		{"ISATAP under a public prefix", "2a00:1450::5efe:7f00:1 2a00:1450::100:5efe:a00:1 2a00:1450::200:5efe:a00:1 2a00:1450::300:5efe:a00:1"},
		{"documentation in IPv6", "2001:db8::1 3fff::1 3fff:fff::1"},
		{"not in the public eighth", "5f00::1 100::1 100:0:0:1::1 fec0::1 4000::1 1fff::1"},
		{"with a zone", "fe80::1%eth0 2a00:1450::1%eth0 ::ffff:8.8.8.8%eth0"},
	}
	guard := NewGuard(nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for address := range strings.FieldsSeq(tt.refused) {
				if err := control(guard, address); err == nil {
					t.Errorf("%s may be dialled, want it refused", address)
				}
			}
		})
	}
}

func TestGuardLetsThroughWhatIsPublic(t *testing.T) {
	t.Parallel()

	guard := NewGuard(nil)
	for _, address := range []string{
		"8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
		"128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255", "172.15.255.255", "172.32.0.0",
		"192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
		"::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
		"2001:200::1", "2001:4860:4860::8888", "2003::1", "2606:4700::1111", "2620:4f:8001::1", "3ffe::1",
		// What differs by a little from ISATAP.
		"2a00:1450::400:5efe:7f00:1", "2a00:1450::1:5efe:7f00:1", "2a00:1450::5ffe:7f00:1", "2a00:1450::5eff:7f00:1",
	} {
		if err := control(guard, address); err != nil {
			t.Errorf("%s: %v, want it let through", address, err)
		}
	}
}

func TestGuardFailsClosed(t *testing.T) {
	t.Parallel()

	guard := NewGuard([]netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")})
	tests := []struct{ network, address string }{
		{"tcp4", ""},
		{"tcp4", ":80"},
		{"tcp4", "8.8.8.8"},
		{"tcp4", "localhost:80"},
		{"tcp4", "8.8.8.8:http"},
		{"tcp4", "8.8.8.8:70000"},
		{"tcp4", "0177.0.0.1:80"},
		{"tcp6", "[fe80::1%lo]:80"},
		{"tcp", "8.8.8.8:80"},
		{"udp4", "8.8.8.8:80"},
		{"unix", "/var/run/docker.sock"},
		{"ip4:icmp", "8.8.8.8:80"},
	}
	for _, tt := range tests {
		if err := guard.Control(t.Context(), tt.network, tt.address, nil); err == nil {
			t.Errorf("Control(%q, %q) = nil, want it refused", tt.network, tt.address)
		}
	}
	if err := control(&Guard{}, "8.8.8.8"); err == nil {
		t.Error("the zero Guard lets 8.8.8.8 through, want everything refused")
	}
}

func TestGuardExceptions(t *testing.T) {
	t.Parallel()

	guard := NewGuard([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")})
	tests := []struct {
		address string
		allowed bool
	}{
		{"10.1.2.3", true},
		{"::ffff:10.1.2.3", true},
		{"64:ff9b::10.1.2.3", true},
		{"10.2.0.1", false},
		{"fd00:1::5", true},
		{"fd00:2::5", false},
		{"8.8.8.8", true},
	}
	for _, tt := range tests {
		if err := control(guard, tt.address); (err == nil) != tt.allowed {
			t.Errorf("%s: %v, want allowed %t", tt.address, err, tt.allowed)
		}
	}
}

func TestBlockedErrorKeepsTheAddressToItself(t *testing.T) {
	t.Parallel()

	err := control(NewGuard(nil), "10.20.30.40")
	blocked, ok := errors.AsType[*BlockedError](err)
	if !ok {
		t.Fatalf("got %v, want a *BlockedError", err)
	}
	if strings.Contains(err.Error(), "10.20") || !strings.Contains(err.Error(), "TURNWISE_WEBHOOK_ALLOW_CIDRS") {
		t.Errorf("got text %q, want the way out and no address", err)
	}
	if want := "10.20.30.40:443"; blocked.Address != want {
		t.Errorf("got address %q, want %q", blocked.Address, want)
	}
}

func FuzzGuard(f *testing.F) {
	for _, seed := range []string{"127.0.0.1:80", ":80", "[::1]:80", "[fe80::1%lo]:80", "[64:ff9b::7f00:1]:80", "8.8.8.8:443", "[::ffff:0:1]:1", "①②⑦.⓪.⓪.①:80"} {
		f.Add(seed)
	}
	guard := NewGuard(nil)
	f.Fuzz(func(t *testing.T, address string) {
		if guard.Control(t.Context(), "tcp6", address, nil) != nil {
			return
		}
		target, err := netip.ParseAddrPort(address)
		if err != nil {
			t.Fatalf("%q may be dialled and is no address: %v", address, err)
		}
		ip := target.Addr().Unmap()
		if ip.Zone() != "" || !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() {
			t.Errorf("%q may be dialled and is not public", address)
		}
	})
}

// control asks guard about port 443 of address.
func control(guard *Guard, address string) error {
	network := "tcp4"
	if strings.Contains(address, ":") {
		network = "tcp6"
	}
	return guard.Control(context.Background(), network, net.JoinHostPort(address, "443"), nil)
}
