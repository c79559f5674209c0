package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// A call is what an external analyzer is asked.
type call struct {
	JobID          string
	ConversationID string
	Attempt        int
	Messages       []struct{ ID, Text string }

	at time.Time
}

// An analyzerService is an external analyzer.
type analyzerService struct {
	url string

	mu    sync.Mutex
	calls []call
}

// newAnalyzer returns an analyzer that answers as the function says. Its
// context ends when the caller has gone.
func newAnalyzer(t *testing.T, answer func(context.Context, call) (status int, body string)) *analyzerService {
	t.Helper()
	a := &analyzerService{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := call{at: time.Now()}
		if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
			return // the worker was killed
		}
		a.mu.Lock()
		a.calls = append(a.calls, c)
		a.mu.Unlock()
		status, body := answer(r.Context(), c)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the caller may have gone
	}))
	t.Cleanup(srv.Close)
	a.url = srv.URL
	return a
}

// asked returns the calls so far.
func (a *analyzerService) asked() []call {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.calls)
}

// attempts returns the numbers of the attempts at a job, as they came.
func (a *analyzerService) attempts(job string) (numbers []int) {
	for _, c := range a.asked() {
		if c.JobID == job {
			numbers = append(numbers, c.Attempt)
		}
	}
	return numbers
}

// nothing is the answer that no insight was found.
func nothing() (status int, body string) { return http.StatusOK, "{}" }

// hang waits until the caller has gone.
func hang(ctx context.Context) (status int, body string) {
	<-ctx.Done()
	return nothing()
}

func TestAnalyzer(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name     string
		answers  []int // to the attempts, one after the other
		body     string
		status   jobs.Status
		message  string
		insights int
	}{
		{name: "nothing found", answers: []int{200}, body: `{}`, status: jobs.Completed},
		{name: "an insight", answers: []int{200}, body: `{"insights":[{"type":"question","text":"Who?","messageIds":["%"]}]}`, status: jobs.Completed, insights: 1},
		{name: "refusal", answers: []int{422}, body: `{"message":"No such language."}`, status: jobs.Failed, message: "No such language."},
		{name: "trouble", answers: []int{503, 503, 200}, body: `{}`, status: jobs.Completed},
		{name: "trouble without end", answers: []int{503, 503, 503}, body: `{}`, status: jobs.Failed, message: "the analyzer answered 503"},
		{name: "silence", answers: []int{0, 200}, body: `{}`, status: jobs.Completed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var first sync.Map // conversation of the job that the row is about
			service := newAnalyzer(t, func(ctx context.Context, c call) (int, string) {
				if job, _ := first.LoadOrStore(c.ConversationID, c.JobID); job != c.JobID {
					return nothing()
				}
				status := tt.answers[min(c.Attempt, len(tt.answers))-1]
				if status == 0 {
					return hang(ctx)
				}
				return status, withMessage(tt.body, c)
			})
			hooks := newReceiver(t, healthy)
			c := newClient(startWorker(t, "ANALYZER_URL="+service.url, "ANALYZER_TIMEOUT=500ms",
				"JOB_MAX_ATTEMPTS=3", "JOB_BACKOFF_INITIAL=100ms", "JOB_BACKOFF_MAX=200ms"))

			job := c.append("", "Who is it?", hooks.url)
			next := c.append(job.ConversationID, "Go on.", "")
			got := c.finish(job.JobID)
			if got.Status != tt.status || got.Message != tt.message {
				t.Errorf("the job is %s, %q; want %s, %q", got.Status, got.Message, tt.status, tt.message)
			}
			if after := c.finish(next.JobID); after.Status != jobs.Completed || after.StartedAt.Before(got.FinishedAt) {
				t.Errorf("the next job is %s since %v; want completed, begun after %v", after.Status, after.StartedAt, got.FinishedAt)
			}
			if n := len(service.attempts(job.JobID)); n != len(tt.answers) {
				t.Errorf("the analyzer was asked %d times, want %d", n, len(tt.answers))
			}
			var found struct{ Insights []json.RawMessage }
			c.get("/v1/conversations/"+job.ConversationID+"/insights", &found)
			if len(found.Insights) != tt.insights {
				t.Errorf("insights %s, want %d", found.Insights, tt.insights)
			}
			hooks.checkLives(t, tt.status, job)
		})
	}
}

// withMessage puts the id of the message that was sent in the place of %.
func withMessage(body string, c call) string {
	out := []byte(nil)
	for _, b := range []byte(body) {
		if b == '%' {
			out = append(out, c.Messages[0].ID...)
			continue
		}
		out = append(out, b)
	}
	return string(out)
}

// A job in trouble holds back its own conversation, and no other.
func TestTroubleStaysInItsConversation(t *testing.T) {
	t.Parallel()

	const troubles = 2
	service := newAnalyzer(t, func(_ context.Context, c call) (int, string) {
		if c.Messages[0].Text == "Trouble." && c.Attempt <= troubles {
			return http.StatusServiceUnavailable, ""
		}
		return nothing()
	})
	c := newClient(startWorker(t, "ANALYZER_URL="+service.url, "JOB_BACKOFF_INITIAL=1s"))

	bad := c.append("", "Trouble.", "")
	behind := c.append(bad.ConversationID, "Patience.", "")
	await(t, "the first attempt failed", func() bool { return len(service.attempts(bad.JobID)) > 0 })
	for range 3 {
		other := c.append("", "Fine.", "")
		c.finish(other.JobID)
		c.finish(c.append(other.ConversationID, "Fine too.", "").JobID)
	}
	if status := c.job(bad.JobID).Status; status != jobs.InProgress {
		t.Errorf("the job in trouble is %s while others completed, want in_progress", status)
	}
	if status := c.job(behind.JobID).Status; status != jobs.Scheduled {
		t.Errorf("the job behind it is %s, want scheduled", status)
	}
	c.finish(behind.JobID)
	if got := c.texts(bad.ConversationID); !slices.Equal(got, []string{"Trouble.", "Patience."}) {
		t.Errorf("stored %q, want both in order", got)
	}
	if got := service.attempts(bad.JobID); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("attempts %v, want 1, 2, 3", got)
	}
	checkBackoff(t, service, bad.JobID)
}

// checkBackoff checks that the attempts at a job kept the distance of a
// backoff of 1 s that doubles.
func checkBackoff(t *testing.T, service *analyzerService, job string) {
	t.Helper()
	least := 800 * time.Millisecond
	var last time.Time
	for _, c := range service.asked() {
		if c.JobID != job {
			continue
		}
		if gap := c.at.Sub(last); !last.IsZero() && gap < least {
			t.Errorf("attempt %d came %v after the one before, want %v or more", c.Attempt, gap, least)
		} else if !last.IsZero() {
			least *= 2
		}
		last = c.at
	}
}
