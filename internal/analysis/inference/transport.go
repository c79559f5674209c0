package inference

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// largestAnswer bounds what is read of an answer, decompressed: 96 vectors of
// 8192 numbers fit, with all digits of doubles.
const largestAnswer = 24 << 20

// A guardedClient is what the calls go through. It lets no answer in but a 2xx, and of
// that no more than the bound, so that nothing of what a server says when it
// refuses gets into an error.
type guardedClient struct{ client *http.Client }

// newGuardedClient returns a gate that follows no redirect.
func newGuardedClient(transport http.RoundTripper, slots int) guardedClient {
	if transport == nil {
		transport = &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			MaxIdleConnsPerHost: slots,
			// Servers in Python close a connection after 5 seconds. A call
			// that meets such an end fails, so ours comes before.
			IdleConnTimeout:   4 * time.Second,
			ForceAttemptHTTP2: true,
		}
	}
	return guardedClient{&http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Do makes a request.
func (g guardedClient) Do(req *http.Request) (*http.Response, error) {
	req.Header.Set("User-Agent", "Turnwise")
	resp, err := g.client.Do(req)
	if err != nil {
		return nil, &Error{Outcome: Unreachable, text: "the model server could not be reached", cause: err}
	}
	if resp.StatusCode/100 != 2 {
		return nil, errors.Join(refusal(resp.StatusCode), resp.Body.Close())
	}
	resp.Body = &boundedBody{resp.Body, largestAnswer}
	return resp, nil
}

// refusal tells of an answer that is not 2xx, and which setting to look at.
func refusal(status int) error {
	advice := ""
	switch {
	case status/100 == 3:
		advice = "; it sends elsewhere, so set model_url to where that is"
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		advice = "; is model_key right?"
	case status == http.StatusNotFound:
		advice = "; does model_url end in /v1, and does the server have the model?"
	case status == http.StatusBadRequest || status == http.StatusUnprocessableEntity:
		advice = "; is the model one for what it is asked?"
	}
	return &Error{Outcome: Refused, text: fmt.Sprintf("the model server answered %d%s", status, advice), status: status}
}

// A boundedBody is read up to a bound.
type boundedBody struct {
	io.ReadCloser

	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left+1)])
	if b.left -= n; b.left < 0 {
		return n, invalid("it is larger than %d MiB", largestAnswer>>20)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = &Error{Outcome: Unreachable, text: "the model server's answer broke off", cause: err}
	}
	return n, err
}
