package attack

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// An attacker is the other process: it does what it is told by lines.
type attacker struct {
	target

	client *http.Client
	hook   string // of its own receiver

	long    string // conversation with many messages, once made
	longTag string // its ETag
	many    bool   // whether its many conversations are made

	mu      sync.Mutex
	answers map[string]int
}

// Assist is what the process of the attacker does: it follows the orders that it
// reads until in ends.
func Assist(ctx context.Context, in io.Reader, out io.Writer) error {
	_ = process.ChangePriority(0, process.LessUrgent) // else it is a little unfair to the worker
	lines, write := json.NewDecoder(in), json.NewEncoder(out)
	a := &attacker{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128}}, answers: map[string]int{}}
	if err := lines.Decode(&a.target); err != nil {
		return fmt.Errorf("read whom to attack: %w", err)
	}
	closeHook, err := a.receive(ctx)
	if err != nil {
		return err
	}
	defer closeHook()
	stop := func() error { return nil }
	for {
		var o order
		if err := lines.Decode(&o); err != nil {
			_ = stop()
			return nil // the bench has ended
		}
		r := reply{}
		chosen, err := choose(rows(), o.Row)
		switch {
		case err != nil:
		case o.Do == prepare && chosen[0].prepare != nil:
			err = chosen[0].prepare(ctx, a)
		case o.Do == begin:
			a.answers = map[string]int{}
			stop = a.begin(ctx, chosen[0])
		case o.Do == halt:
			err = stop()
			stop = func() error { return nil }
			r.Answers = a.answers
		}
		if err != nil {
			r.Error = err.Error()
		}
		if err := write.Encode(r); err != nil {
			return fmt.Errorf("answer the bench: %w", err)
		}
	}
}

// begin attacks until what it returns is called.
func (a *attacker) begin(ctx context.Context, r row) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- r.attack(ctx, a) }()
	return func() error {
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	}
}

// receive listens for webhooks, and refuses each with 4 KiB of text.
func (a *attacker) receive(ctx context.Context) (end func(), err error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the attacker's webhooks: %w", err)
	}
	a.hook = "http://" + l.Addr().String() + "/"
	text := strings.Repeat("no! ", 1<<10)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { //nolint:gosec // the worker alone calls it
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, text)
	})}
	go func() { _ = server.Serve(l) }() // ends with the process
	return func() { _ = server.Close() }, nil
}

// afterRefusal is how long the attacker waits after a refusal. It does not keep to
// Retry-After, but a loop of refusals is an attack of its own.
const afterRefusal = 50 * time.Millisecond

// send sends a request and returns the answer's status and body, of which it keeps the
// first bytes only.
func (a *attacker) send(ctx context.Context, method, path string, body []byte, headers ...string) (status int, text []byte, err error) {
	r, err := a.request(ctx, method, path, body, headers)
	if err != nil {
		return 0, nil, err
	}
	resp, err := a.client.Do(r)
	if err != nil {
		a.count("broken off")
		return 0, nil, ctx.Err() // the worker's answer is what the row is about
	}
	text, err = io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
	}
	_ = resp.Body.Close() // it was read
	a.count(strconv.Itoa(resp.StatusCode))
	if err != nil {
		a.count("broken off")
		return 0, nil, ctx.Err()
	}
	if tag := resp.Header.Get("ETag"); tag != "" && strings.HasSuffix(path, a.long+"/messages") {
		a.mu.Lock()
		a.longTag = tag
		a.mu.Unlock()
	}
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		return resp.StatusCode, text, process.Rest(ctx, afterRefusal)
	}
	return resp.StatusCode, text, nil
}

// request makes one. A long body is compressed, which costs the attacker less.
func (a *attacker) request(ctx context.Context, method, path string, body []byte, headers []string) (*http.Request, error) {
	long := len(body) > 4<<10
	if long {
		var zipped bytes.Buffer
		w, _ := gzip.NewWriterLevel(&zipped, gzip.BestSpeed) // the level is one that there is
		_, _ = w.Write(body)                                 // to memory
		_ = w.Close()
		body = zipped.Bytes()
	}
	r, err := http.NewRequestWithContext(ctx, method, a.API+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+a.Token)
	if long {
		r.Header.Set("Content-Encoding", "gzip")
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for n := 0; n+1 < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	return r, nil
}

func (a *attacker) count(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answers[what]++
}

// together does something again and again until ctx ends, so many at once.
func together(ctx context.Context, many int, do func(ctx context.Context, n int) error) error {
	var all sync.WaitGroup
	failed := make(chan error, many)
	for n := range many {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := do(ctx, n); err != nil && ctx.Err() == nil {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// scaled scales a number, to one at least.
func (a *attacker) scaled(n int) int { return max(1, int(float64(n)*a.Scale)) }
