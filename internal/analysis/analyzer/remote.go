package analyzer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
)

// largestAnswer bounds what is read of an answer, decompressed.
const largestAnswer = 8 << 20

// Options adjusts a [Remote]. The zero value is fit for production.
type Options struct {
	Timeout   time.Duration     // of one call, its answer included; 30s if zero
	Transport http.RoundTripper // one that keeps a connection per worker if nil
	Local     jobs.Local        // finds what the service is not asked for: entities, trackers, sentiment
}

// A Remote is a [jobs.Analyzer] that asks another service for insights.
type Remote struct {
	url     string
	timeout time.Duration
	local   jobs.Local
	client  *http.Client
}

// New returns a Remote that posts to url, which may hold a user and a
// password. It is the operator's, so no address is forbidden.
func New(url string, opts Options) *Remote {
	transport := opts.Transport
	if transport == nil {
		transport = newTransport()
	}
	return &Remote{
		url:     url,
		timeout: cmp.Or(opts.Timeout, 30*time.Second),
		local:   opts.Local,
		client: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		MaxIdleConnsPerHost: 64, // all go to one host, from every worker of the process
		IdleConnTimeout:     90 * time.Second,
		ForceAttemptHTTP2:   true,
	}
}

// Analyze analyses the job's messages as its Local does, but asks for their
// insights. It returns a [*jobs.PermanentError] if another attempt would be
// answered alike, and the error of ctx if that is done.
func (r *Remote) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	result, err := r.local.Analyze(ctx, t)
	if err != nil {
		return analysis.Result{}, err
	}
	result.Insights, result.Analyzers = nil, append(result.Analyzers, "external")
	body, err := json.Marshal(newRequest(t, result.Sentences))
	if err != nil {
		return analysis.Result{}, &jobs.PermanentError{Message: "the job's options are not valid JSON, so the analyzer cannot be asked"}
	}
	status, answer, err := r.post(ctx, body)
	switch {
	case err != nil && ctx.Err() != nil:
		return analysis.Result{}, ctx.Err()
	case err != nil:
		return analysis.Result{}, err
	case status == http.StatusNoContent:
		return result, nil
	}
	result.Insights, err = readInsights(answer, t, result.Sentences)
	if err != nil {
		return analysis.Result{}, err
	}
	return result, nil
}

// post returns the answer to body if it is a 2xx, and an error otherwise.
func (r *Remote) post(ctx context.Context, body []byte) (status int, answer []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, &failure{text: "the analyzer could not be reached", cause: err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Turnwise")
	resp, err := r.client.Do(req)
	if err != nil {
		return 0, nil, r.failed(ctx, "the analyzer could not be reached", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return 0, nil, refusal(resp)
	}
	answer, err = io.ReadAll(io.LimitReader(resp.Body, largestAnswer+1))
	if err != nil {
		return 0, nil, r.failed(ctx, "the analyzer's answer broke off", err)
	}
	if len(answer) > largestAnswer {
		return 0, nil, broken("it is larger than 8 MiB")
	}
	return resp.StatusCode, answer, nil
}

// failed says that a call came to nothing: for lack of time, else for the
// reason given.
func (r *Remote) failed(ctx context.Context, text string, cause error) error {
	if ctx.Err() != nil {
		text = fmt.Sprintf("the analyzer did not answer within %v", r.timeout)
	}
	return &failure{text: text, cause: cause}
}
