package webhook

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// An Extra is what the requests to an endpoint have beside what all have: headers of
// the operator's, and a certificate by which the receiver knows the client. It does not
// print what they are.
type Extra struct {
	Account     string // whose events; those of all accounts if empty
	Endpoint    Endpoint
	Header      http.Header
	Certificate *tls.Certificate // nil for none
}

// Format writes the endpoint, whatever the verb.
func (x Extra) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, x.Endpoint.Origin) }

// EndpointAt returns the endpoint that an origin names, as in https://example.com or
// http://10.1.2.3:8080. Its error is what is left of a sentence that begins with it.
func EndpointAt(origin string) (Endpoint, error) {
	_, rest, found := strings.Cut(origin, "://")
	e, err := EndpointOf(origin)
	if err != nil || !found || strings.ContainsAny(rest, "/?") {
		return Endpoint{}, errors.New("must be scheme, host and port alone, as in https://example.com or https://10.1.2.3:8443")
	}
	return e, nil
}

// CheckHeader returns an error if a header may not be added to webhooks: what is left of
// a sentence that begins with it. It does not repeat the value, which may be a secret.
func CheckHeader(name, value string) error {
	switch {
	case !httpguts.ValidHeaderFieldName(name):
		return errors.New("is no name of a header, which has letters, digits and hyphens")
	case reserved(name):
		return errors.New("is a header that Turnwise writes itself, or that belongs to the connection; take it out")
	case strings.TrimSpace(value) == "":
		return errors.New("is empty; give it a value, or take it out")
	case !httpguts.ValidHeaderFieldValue(value) || strings.TrimSpace(value) != value:
		return errors.New("has a value that no header may have: with a blank at an end, a line break or a control character in it")
	}
	return nil
}

// reserved reports whether a header is not the operator's to write.
func reserved(name string) bool {
	name = strings.ToLower(name)
	own := []string{
		"host", "content-length", "content-type", "content-encoding", "user-agent", "traceparent", "tracestate",
		"accept-encoding", "expect", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
	}
	return slices.Contains(own, name) || strings.HasPrefix(name, "webhook-") || strings.HasPrefix(name, "proxy-")
}

// A route is how requests get to an endpoint.
type route struct {
	header    http.Header
	transport *http.Transport
}

// A routeKey names a route; that of all accounts has no account.
type routeKey struct{ account, endpoint string }

// newRoutes returns the routes of extras. One with a certificate has connections of its
// own, since a receiver knows by the connection whom it hears.
func newRoutes(extras []Extra, usual *http.Transport) map[routeKey]route {
	routes := map[routeKey]route{}
	for _, x := range extras {
		r := route{header: x.Header, transport: usual}
		if x.Certificate != nil {
			r.transport = usual.Clone()
			r.transport.TLSClientConfig.GetClientCertificate = answerWith(x.Certificate)
		}
		routes[routeKey{x.Account, x.Endpoint.ID}] = r
	}
	return routes
}

// routeTo returns the route of an account's events to a URL: its own, that of all
// accounts, or the usual one.
func (s *Sender) routeTo(account, url string) route {
	usual := route{transport: s.transport}
	if len(s.routes) == 0 {
		return usual
	}
	e, err := EndpointOf(url)
	if err != nil {
		return usual
	}
	for _, owner := range [...]string{account, ""} {
		if r, known := s.routes[routeKey{owner, e.ID}]; known {
			return r
		}
	}
	return usual
}

// add adds the headers of the route to those of a request that are not written yet.
func (r route) add(h http.Header) { maps.Copy(h, r.header) }
