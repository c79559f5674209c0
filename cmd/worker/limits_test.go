package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/jobs"
)

// A hundred copies of a request with one key are one job.
func TestIdempotencyKey(t *testing.T) {
	t.Parallel()

	const copies = 100
	c := newClient(startWorker(t))
	old := c.append("", "Begin.", "")
	for _, conversation := range []string{"", old.ConversationID} {
		key := []string{"Idempotency-Key", "once-" + conversation}
		receipts := make([]receipt, copies)
		var wg sync.WaitGroup
		for i := range copies {
			wg.Go(func() { receipts[i] = insist(t, c, conversation, body("Once.", ""), key) })
		}
		wg.Wait()
		if distinct := slices.Compact(receipts); len(distinct) != 1 {
			t.Fatalf("%d different receipts, as in %v", len(distinct), distinct[:2])
		}
		c.finish(receipts[0].JobID)
		want := []string{"Once."}
		if conversation != "" {
			want = []string{"Begin.", "Once."}
		}
		if got := c.texts(receipts[0].ConversationID); !slices.Equal(got, want) {
			t.Errorf("stored %q, want %q", got, want)
		}
		a, err := c.submit(t.Context(), conversation, body("Something else.", ""), key...)
		checkRefusal(t, a, err, http.StatusUnprocessableEntity,
			`{"statusCode":422,"message":"The Idempotency-Key was used for another request. Use a new key for a new request."}`)
	}
}

// insist sends a request until it is accepted, as long as the answer is that
// a copy of it is being accepted.
func insist(t *testing.T, c *client, conversation, body string, headers []string) (r receipt) {
	for {
		a, err := c.submit(t.Context(), conversation, body, headers...)
		if err == nil && a.status == http.StatusConflict {
			continue
		}
		if err == nil {
			r, err = a.receipt()
		}
		if err != nil {
			t.Error(err)
		}
		return r
	}
}

func checkRefusal(t *testing.T, a answer, err error, status int, body string) {
	t.Helper()
	if err != nil || a.status != status || a.body != body {
		t.Errorf("answered %d %s, %v; want %d %s", a.status, a.body, err, status, body)
	}
}

// newWaitingAnalyzer starts an analyzer whose calls wait until they may finish, one for
// each value, or all once the channel is closed.
func newWaitingAnalyzer(t *testing.T) (service *analyzerService, finish chan struct{}) {
	t.Helper()
	finish = make(chan struct{})
	return newAnalyzer(t, func(ctx context.Context, _ call) (int, string) {
		select {
		case <-finish:
		case <-ctx.Done():
		}
		return nothing()
	}), finish
}

// Of many appends at once just as many are accepted as the account may have
// unfinished, and each job that ends makes room for another.
func TestConcurrencyLimit(t *testing.T) {
	t.Parallel()

	const limit, crowd = 3, 40
	const refusal = `{"statusCode":429,"message":"This API has a limit of maximum of ` + "`3`" +
		` number of concurrent jobs per account. If you are looking to scale, and need more concurrent jobs than this limit, please contact us at support@symbl.ai"}`
	service, finish := newWaitingAnalyzer(t)
	c := newClient(startWorker(t, "MAX_CONCURRENT_JOBS=3", "ANALYZER_URL="+service.url))
	rush := func() (accepted []receipt) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range crowd {
			wg.Go(func() {
				a, err := c.submit(t.Context(), "", body("Push.", ""))
				if err == nil && a.status == http.StatusCreated {
					r, _ := a.receipt() // an empty one fails below
					mu.Lock()
					defer mu.Unlock()
					accepted = append(accepted, r)
					return
				}
				checkRefusal(t, a, err, http.StatusTooManyRequests, refusal)
				if a.header.Get("Retry-After") == "" {
					t.Error("the refusal has no Retry-After")
				}
			})
		}
		wg.Wait()
		return accepted
	}
	accepted := rush()
	if len(accepted) != limit {
		t.Errorf("%d of %d appends were accepted, want %d", len(accepted), crowd, limit)
	}
	if again := rush(); len(again) != 0 {
		t.Errorf("%d more appends were accepted while the first run", len(again))
	}
	for range limit {
		finish <- struct{}{}
	}
	for _, r := range accepted {
		if j := c.finish(r.JobID); j.Status != jobs.Completed {
			t.Errorf("job %s is %s, want completed", r.JobID, j.Status)
		}
	}
	if again := rush(); len(again) != limit {
		t.Errorf("%d appends were accepted when the first had finished, want %d", len(again), limit)
	}
}

// An account of the configuration has a limit without asking for it, the process's or
// its own, and is told when to come again.
func TestPendingLimit(t *testing.T) {
	t.Parallel()

	service, finish := newWaitingAnalyzer(t)
	file := filepath.Join(t.TempDir(), "turnwise.yaml")
	content := fmt.Sprintf("accounts:\n  - {id: acme, token_hashes: [%q], max_pending_jobs: 2}\n  - {id: other, token_hashes: [%q]}\n",
		account.HashToken(testToken), account.HashToken("tw_other"))
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	w := startWorker(t, "TOKEN=", "CONFIG="+file, "MAX_PENDING_JOBS=3", "ANALYZER_URL="+service.url)
	c := newClient(w)
	fill := func(limit int, headers ...string) {
		for n := range limit + 1 {
			a, err := c.submit(t.Context(), "", body("Push.", ""), headers...)
			if n < limit {
				if err != nil || a.status != http.StatusCreated {
					t.Fatalf("append %d of %d: %d %s, %v", n+1, limit, a.status, a.body, err)
				}
				continue
			}
			checkRefusal(t, a, err, http.StatusTooManyRequests, fmt.Sprintf(
				`{"statusCode":429,"message":"The account has about %d unfinished jobs, which is the limit. Send the request again when some have finished."}`, limit))
			if a.header.Get("Retry-After") != "1" {
				t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
			}
		}
	}
	fill(2)
	fill(3, "Authorization", "Bearer tw_other")
	if n := w.metric("turnwise_jobs_refused_total{limit=\"max_pending_jobs\"}"); n != 2 {
		t.Errorf("%v submissions are counted as refused, want 2", n)
	}
	close(finish)
	await(t, "there is room again", func() bool {
		a, err := c.submit(t.Context(), "", body("Push.", ""))
		return err == nil && a.status == http.StatusCreated
	})
}
