package webhooks

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/webhook"
)

const (
	forwardTime = 14 * time.Second // for the receiver; the sender waits for 15s by default
	shownAnswer = 200              // bytes of an answer that are shown
)

// A forwarder sends events on to another receiver, as they came.
type forwarder struct {
	url    string
	client *http.Client
}

// forwarded is what the other receiver did.
type forwarded struct {
	Status int     `json:"status"` // 502 if there was no answer
	Millis float64 `json:"ms"`
	Answer string  `json:"answer,omitempty"` // its beginning
	Error  string  `json:"error,omitempty"`
}

// newForwarder returns a forwarder to a URL, which may lack http://.
func newForwarder(to string) (*forwarder, error) {
	if !strings.Contains(to, "://") {
		to = "http://" + to
	}
	u, err := webhook.ParseURL(to)
	if err != nil {
		return nil, exit.Usagef("--forward-to %w", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	return &forwarder{url: u.String(), client: &http.Client{
		Transport:     transport,
		Timeout:       forwardTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func (f *forwarder) close() { f.client.CloseIdleConnections() }

// send sends a request on, and puts what its answer asks of the sender into to.
func (f *forwarder) send(ctx context.Context, to, header http.Header, body []byte) *forwarded {
	began := time.Now()
	got := &forwarded{Status: http.StatusBadGateway}
	defer func() { got.Millis = float64(time.Since(began).Microseconds()) / 1000 }()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.url, bytes.NewReader(body))
	if err != nil {
		got.Error = err.Error()
		return got
	}
	for name, values := range header {
		if name != "Connection" && name != "Content-Length" && name != "Accept-Encoding" {
			req.Header[name] = values
		}
	}
	res, err := f.client.Do(req)
	if err != nil {
		got.Error = err.Error()
		return got
	}
	defer res.Body.Close()
	got.Status = res.StatusCode
	for _, name := range [...]string{"Retry-After", "Webhook-Delivery"} {
		if v := res.Header.Get(name); v != "" {
			to.Set(name, v)
		}
	}
	answer, _ := io.ReadAll(io.LimitReader(res.Body, shownAnswer)) // the status has said it
	got.Answer = strings.ToValidUTF8(string(answer), string(utf8.RuneError))
	return got
}

// remark returns what the other receiver did, for people.
func (f *forwarded) remark() string {
	if f.Error != "" {
		return fmt.Sprintf("  → no answer: %s; answered %d", f.Error, f.Status)
	}
	text := fmt.Sprintf("  → %d in %.0f ms", f.Status, f.Millis)
	if answer := strings.Join(strings.Fields(f.Answer), " "); answer != "" {
		text += "  " + answer
	}
	return text
}
