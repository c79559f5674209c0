package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/netip"
	"strings"
	"time"
)

// An Endpoint is where events go: what the URLs of one receiver have in common. An
// endpoint in trouble holds back its own events only, and those of the account that
// named it: another account's events to the same address are at another endpoint.
type Endpoint struct {
	ID     string // 16 hexadecimal digits that depend on the origin
	Origin string // scheme, host and port, as in https://example.com:443
}

// EndpointOf returns the endpoint of a URL.
func EndpointOf(raw string) (Endpoint, error) {
	u, err := ParseURL(raw)
	if err != nil {
		return Endpoint{}, err
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	if addr, err := netip.ParseAddr(host); err == nil {
		host = addr.String()
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	origin := u.Scheme + "://" + net.JoinHostPort(host, port)
	digest := sha256.Sum256([]byte(origin))
	return Endpoint{ID: hex.EncodeToString(digest[:8]), Origin: origin}, nil
}

// ValidEndpointID says whether an id from outside has the form of an [Endpoint]'s.
func ValidEndpointID(id string) bool {
	digits, err := hex.DecodeString(id)
	return err == nil && len(digits) == 8 && hex.EncodeToString(digits) == id
}

// Breaker says whether an endpoint is asked.
type Breaker string

// The states of a breaker.
const (
	Closed   Breaker = "closed"    // its events are sent
	Open     Breaker = "open"      // none is, for it did not answer
	HalfOpen Breaker = "half-open" // one is, to see whether it answers again
)

// An EndpointState is how an endpoint stands.
type EndpointState struct {
	Endpoint

	Breaker     Breaker
	OpenedAt    time.Time // since when it is not closed; zero if it is
	NextProbe   time.Time // when an open one is asked again
	HeldUntil   time.Time // which it asked for itself; zero if it did not
	PausedSince time.Time // by an operator; zero if it is not
	Waiting     int64     // jobs with events that wait, for a time or for their turn
	InFlight    int64     // and with one that is being sent
	Dead        int64     // events that were given up and are kept
	Oldest      time.Time // since when the one that is due longest is so; zero if none is
	Rate        float64   // events a second that it gets at most; 0 if there is no limit
	LastSeen    time.Time // when its state was written last
}

// Health says what an attempt tells about its endpoint.
type Health string

// What an attempt tells. The empty Health is that it tells nothing.
const (
	Fast   Health = "fast"   // it answered
	Slow   Health = "slow"   // it answered, but took a second or longer
	Failed Health = "failed" // it did not, or said that it cannot now
	Hung   Health = "hung"   // and that took a second or longer
)

// slowAfter is from when on an attempt counts as slow.
const slowAfter = time.Second

// healthOf returns what a result tells about its endpoint. A receiver that refuses
// an event is well: it is the event, or its path, that is in trouble then.
func healthOf(r Result) Health {
	slow := r.Attempt.Total >= float64(slowAfter/time.Millisecond)
	failed := false
	switch r.Class {
	case ClassTimeout, ClassDNS, ClassTLS, ClassConnection, Class5xx, ClassBusy:
		failed = true
	case Class2xx, Class3xx, Class4xx, ClassAborted, ClassConsent:
	default:
		return ""
	}
	switch {
	case failed && slow:
		return Hung
	case failed:
		return Failed
	case slow:
		return Slow
	}
	return Fast
}

// GapPolicy says what becomes of the events behind one that is given up, in its job.
type GapPolicy string

// The gap policies.
const (
	Continue GapPolicy = "continue" // they are sent; the receiver sees the gap in the sequence
	Halt     GapPolicy = "halt"     // they wait for an operator, with the one in front
	Latest   GapPolicy = "latest"   // if the last one of the job is there, only that is sent
)

// GapPolicies lists every [GapPolicy].
func GapPolicies() []GapPolicy { return []GapPolicy{Continue, Halt, Latest} }
