package webhook

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// clientCertificate returns a certificate of a client, and who trusts it.
func clientCertificate(t *testing.T, name string) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, like, like, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func endpointAt(t *testing.T, origin string) Endpoint {
	t.Helper()
	e, err := EndpointAt(origin)
	if err != nil {
		t.Fatalf("EndpointAt(%q): %v", origin, err)
	}
	return e
}

// A receiver that lets nobody in without a certificate gets the one that is configured
// for it: of the account, else of all. Connections are not shared between those who are
// known by different ones.
func TestClientCertificate(t *testing.T) {
	t.Parallel()

	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			t.Parallel()

			ours, pool := clientCertificate(t, "ours")
			acmes, _ := clientCertificate(t, "acme's")
			leaf, _ := x509.ParseCertificate(acmes.Certificate[0])
			pool.AddCert(leaf)
			names := make(chan string, 1)
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				names <- r.TLS.PeerCertificates[0].Subject.CommonName + " " + r.Header.Get("X-Tenant")
			}))
			server.TLS = &tls.Config{MaxVersion: version, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
			server.StartTLS()
			t.Cleanup(server.Close)
			e := endpointAt(t, server.URL)
			sender := newSender(t, SenderOptions{Extras: []Extra{
				{Endpoint: e, Certificate: ours}, {Account: "acme", Endpoint: e, Certificate: acmes, Header: http.Header{"X-Tenant": {"seven"}}},
			}})
			for _, r := range sender.routes {
				r.transport.TLSClientConfig.RootCAs = x509.NewCertPool()
				r.transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
			}
			for n, account := range []string{"acme", "other", "acme", "other"} {
				event := event(server.URL + "/hook?x=1")
				event.Account = account
				if r := sender.Send(t.Context(), event, 1); r.Outcome != Delivered {
					t.Fatalf("got %s, %s; want it delivered", r.Outcome, r.Attempt.Error)
				}
				want := map[string]string{"acme": "acme's seven", "other": "ours "}[account]
				if got := <-names; got != want {
					t.Errorf("request %d of %s came as %q, want %q", n, account, got, want)
				}
			}
		})
	}
}

// A receiver that does not take the certificate closes, and the attempt says that it was
// shown one.
func TestClientCertificateThatIsNotTaken(t *testing.T) {
	t.Parallel()

	ours, _ := clientCertificate(t, "ours")
	_, trusted := clientCertificate(t, "another")
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: trusted}
	server.StartTLS()
	t.Cleanup(server.Close)
	sender := newSender(t, SenderOptions{Extras: []Extra{{Endpoint: endpointAt(t, server.URL), Certificate: ours}}})
	for _, r := range sender.routes {
		r.transport.TLSClientConfig.RootCAs = x509.NewCertPool()
		r.transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	}
	r := sender.Send(t.Context(), event(server.URL), 1)
	const want = "the receiver asked for a client certificate, was shown the one that is configured, and closed the connection while "
	if r.Outcome != Retry || r.Class != ClassTLS || !strings.HasPrefix(r.Attempt.Error, want) {
		t.Errorf("got %s, %s, %q; want %q", r.Outcome, r.Class, r.Attempt.Error, want)
	}
}

// Headers go to their endpoint only, with the question for consent too, and replace none
// of ours.
func TestExtraHeaders(t *testing.T) {
	t.Parallel()

	got := make(chan http.Header, 4)
	start := func() string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("WebHook-Allowed-Origin", "*")
			got <- r.Header
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	there, elsewhere := start(), start()
	sender := newSender(t, SenderOptions{Origin: "turnwise.example.com", Extras: []Extra{
		{Endpoint: endpointAt(t, there), Header: http.Header{"Authorization": {"Bearer x"}, "Content-Type": {"text/plain"}}},
	}})
	for url, want := range map[string]string{there: "Bearer x", elsewhere: ""} {
		if r := sender.Send(t.Context(), event(url+"/hook"), 1); r.Outcome != Delivered {
			t.Fatalf("got %s, %s; want it delivered", r.Outcome, r.Attempt.Error)
		}
		question, webhook := <-got, <-got
		if question.Get("Authorization") != want || webhook.Get("Authorization") != want || webhook.Get("Content-Type") != "application/json" {
			t.Errorf("%s got %v and %v, want the header %q with both, and ours as they are", url, question, webhook, want)
		}
	}
}
