package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// healthcheck asks the ops listener of the worker on this machine whether it
// is up. A container has no shell to ask with.
func healthcheck(ctx context.Context, opsListen string) error {
	addrs, err := reachable(opsListen)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var dialer net.Dialer
	client := &http.Client{Transport: &http.Transport{
		Proxy: nil, // the worker is on this machine
		DialContext: func(ctx context.Context, network, _ string) (conn net.Conn, err error) {
			for _, addr := range addrs {
				if conn, err = dialer.DialContext(ctx, network, addr); err == nil {
					return conn, nil
				}
			}
			return nil, err
		},
		DisableKeepAlives: true,
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/healthz", nil)
	if err != nil {
		return fmt.Errorf("ask the worker: %w", err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("the worker does not answer at %s, its ops_listen (TURNWISE_OPS_LISTEN): %w", opsListen, errors.Unwrap(err))
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the worker at %s answered %s to GET /healthz", opsListen, resp.Status)
	}
	return nil
}

// reachable returns where this machine reaches who listens on an address: of
// one that stands for all, on loopback.
func reachable(listen string) ([]string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("read the address of the ops listener: %w", err)
	}
	if port == "0" {
		return nil, fmt.Errorf("ops_listen (TURNWISE_OPS_LISTEN) is %s, so nobody knows the port that the worker chose; give it one", listen)
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "" || err == nil && ip.IsUnspecified() && ip.Is6():
		return []string{net.JoinHostPort("::1", port), net.JoinHostPort("127.0.0.1", port)}, nil
	case err == nil && ip.IsUnspecified():
		return []string{net.JoinHostPort("127.0.0.1", port)}, nil
	default: // an address of its own, or a name that both look up
		return []string{listen}, nil
	}
}
