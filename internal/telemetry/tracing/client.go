package tracing

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v4"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// A client sends spans by OTLP over HTTP. It is what otlptracehttp does as far as
// that is needed here: with that package comes gRPC, which makes the program half
// as large again.
type client struct {
	url     string
	headers map[string]string
	http    *http.Client
}

// newClient reads the standard variables, of which those for traces come first.
func newClient() (*client, error) {
	c := &client{headers: map[string]string{}, http: &http.Client{}}
	endpoint := os.Getenv(tracesKey)
	if endpoint == "" {
		endpoint = strings.TrimSuffix(os.Getenv(endpointKey), "/") + "/v1/traces"
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%s: %q is no URL such as http://collector:4318", endpointKey, endpoint)
	}
	c.url = u.String()
	for pair := range strings.SplitSeq(variable("HEADERS"), ",") {
		name, value, ok := strings.Cut(pair, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); name != "" && (!ok || err != nil) {
			return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_HEADERS: the header %s has no value that can be read, want name=value", name)
		}
		if name != "" {
			c.headers[name] = value
		}
	}
	ms, err := strconv.Atoi(cmp.Or(variable("TIMEOUT"), "10000"))
	if err != nil || ms <= 0 {
		return nil, errors.New("OTEL_EXPORTER_OTLP_TIMEOUT is no number of milliseconds above 0")
	}
	c.http.Timeout = time.Duration(ms) * time.Millisecond
	return c, c.trust(variable("CERTIFICATE"))
}

// variable returns a variable of OTLP, of traces if it has a value of their own.
func variable(name string) string {
	return cmp.Or(os.Getenv("OTEL_EXPORTER_OTLP_TRACES_"+name), os.Getenv("OTEL_EXPORTER_OTLP_"+name))
}

// trust has the client trust the authorities of a file, and no others.
func (c *client) trust(file string) error {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	c.http.Transport = transport
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("OTEL_EXPORTER_OTLP_CERTIFICATE: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return fmt.Errorf("OTEL_EXPORTER_OTLP_CERTIFICATE: %s has no certificate in PEM", file)
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	return nil
}

// Start implements [otlptrace.Client].
func (c *client) Start(context.Context) error { return nil }

// Stop implements [otlptrace.Client].
func (c *client) Stop(context.Context) error {
	c.http.CloseIdleConnections()
	return nil
}

// UploadTraces implements [otlptrace.Client]. What the endpoint asks to try again it
// tries until the time of one request is up.
func (c *client) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil {
		return fmt.Errorf("encode spans: %w", err)
	}
	again := backoff.NewExponentialBackOff(backoff.WithMaxElapsedTime(c.http.Timeout))
	return backoff.Retry(func() error { return c.post(ctx, body) }, backoff.WithContext(again, ctx))
}

func (c *client) post(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return backoff.Permanent(err)
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	for name, value := range c.headers {
		req.Header.Set(name, value)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // to use the connection again
	switch code := res.StatusCode; {
	case code/100 == 2:
		return nil
	case code == http.StatusTooManyRequests || code == http.StatusBadGateway ||
		code == http.StatusServiceUnavailable || code == http.StatusGatewayTimeout:
		return fmt.Errorf("%s answered %s", c.url, res.Status)
	default:
		return backoff.Permanent(fmt.Errorf("%s answered %s", c.url, res.Status))
	}
}
