package webhooks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/bench/process"
)

// eventsEach is how many events a job has that completes.
const eventsEach = 3

// A scene is a worker with its Redis, and who posts.
type scene struct {
	*process.Worker

	opts     Options
	settings []string // of the worker, other than the default ones

	token  string
	client *http.Client
}

func openScene(ctx context.Context, opts Options, settings []string) (*scene, error) {
	s := &scene{
		opts: opts, settings: settings, token: account.NewToken(),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: time.Minute},
	}
	var err error
	s.Worker, err = process.Start(ctx, process.Options{
		Command:  opts.Worker,
		Accounts: []process.Account{{ID: "acme", Token: s.token}},
		Settings: append([]string{"TURNWISE_MAX_REQUESTS_PER_SECOND=0", "TURNWISE_MAX_PENDING_JOBS=0"}, settings...),
	})
	return s, err
}

func (s *scene) close() {
	s.client.CloseIdleConnections()
	s.Close()
}

// count scales a number, and lasting a time.
func (s *scene) count(n int) int { return max(int(float64(n)*s.opts.Scale), 1) }

func (s *scene) lasting(d time.Duration) time.Duration {
	return time.Duration(float64(d) * s.opts.Scale)
}

// call calls the API, and decodes the answer into what into points to.
func (s *scene) call(ctx context.Context, method, path string, body, into any) error {
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body) // made of texts and numbers
	}
	for {
		r, err := http.NewRequestWithContext(ctx, method, s.API+path, bytes.NewReader(text))
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+s.token)
		r.Header.Set("Content-Type", "application/json")
		resp, err := s.client.Do(r)
		if err != nil {
			return err
		}
		answer, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		switch {
		case err != nil:
			return err
		case resp.StatusCode == http.StatusServiceUnavailable: // it has too much to do
			if err := process.Rest(ctx, time.Second); err != nil {
				return err
			}
			continue
		case resp.StatusCode >= http.StatusBadRequest:
			return fmt.Errorf("%s %s was answered %d: %.300s", method, path, resp.StatusCode, answer)
		case into == nil:
			return nil
		}
		return json.Unmarshal(answer, into)
	}
}

// post posts a job to a new conversation.
func (s *scene) post(ctx context.Context, hook string) error {
	return s.call(ctx, http.MethodPost, "/v1/process/text", map[string]any{
		"webhookUrl": hook, "messages": []any{map[string]any{"payload": map[string]string{"content": "Hi."}, "from": map[string]string{"name": "Ana"}}},
	}, nil)
}

// stream posts jobs for so long, one at a time of so much, whatever becomes of the ones
// before. hook says where the events of the nth go. It returns how many were posted.
func (s *scene) stream(ctx context.Context, every, during time.Duration, hook func(n int) string) (int, error) {
	var all sync.WaitGroup
	var mu sync.Mutex
	var failed error
	tick := time.NewTicker(every)
	defer tick.Stop()
	posts := max(int(during/every), 2)
	for n := range posts {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return n, ctx.Err()
		}
		all.Go(func() {
			if err := s.post(ctx, hook(n)); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = err
			}
		})
	}
	all.Wait()
	return posts, failed
}

// together is how many make a backlog at once.
const together = 32

// pile posts so many jobs, as fast as it can. hook says where the events of the nth go.
func (s *scene) pile(ctx context.Context, jobs int, hook func(n int) string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	numbers := make(chan int)
	var all sync.WaitGroup
	for range together {
		all.Go(func() {
			for n := range numbers {
				if err := s.post(ctx, hook(n)); err != nil {
					cancel(err)
				}
			}
		})
	}
	for n := range jobs {
		select {
		case numbers <- n:
		case <-ctx.Done():
		}
	}
	close(numbers)
	all.Wait()
	return context.Cause(ctx)
}

// An endpoint is what the API tells of one.
type endpoint struct {
	ID, Breaker   string
	Waiting, Dead int
}

// to has all events go to one address.
func to(hook string) func(int) string { return func(int) string { return hook } }

// endpoints returns those that the API tells of.
func (s *scene) endpoints(ctx context.Context) ([]endpoint, error) {
	var all struct{ Endpoints []endpoint }
	err := s.call(ctx, http.MethodGet, "/v1/webhooks/endpoints", nil, &all)
	return all.Endpoints, err
}

// endpoint returns the only endpoint with waiting or dead events.
func (s *scene) endpoint(ctx context.Context) (e endpoint, err error) {
	all, err := s.endpoints(ctx)
	for _, e := range all {
		if e.Waiting+e.Dead > 0 {
			return e, nil
		}
	}
	if err != nil {
		return e, err
	}
	return e, fmt.Errorf("no endpoint has events that wait or were given up")
}

// commands returns how many commands a second Redis runs for so long, those inside of
// scripts included.
func (s *scene) commands(ctx context.Context, during time.Duration) (float64, error) {
	before, err := s.Commands(ctx)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := process.Rest(ctx, during); err != nil {
		return 0, err
	}
	after, err := s.Commands(ctx)
	return (after - before) / time.Since(began).Seconds(), err
}
