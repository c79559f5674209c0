package webhookverify_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/webhookverify"
)

// post has a handler take an event of a job, and returns the answer.
func post(t *testing.T, h http.Handler, job string, sequence int) *httptest.ResponseRecorder {
	t.Helper()
	text := fmt.Sprintf(`{"jobId":%q,"status":"completed","sequence":%d}`, job, sequence)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(text))
	r.Header = signed(t, fmt.Sprintf("%s_%d", job, sequence), text, time.Now())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// taker notes the events that it takes, and answers as it is told.
type taker struct {
	answer int
	events []string
}

func (k *taker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e, found := webhookverify.FromContext(r.Context())
	body, err := io.ReadAll(r.Body)
	if !found || err != nil || !strings.Contains(string(body), `"jobId"`) {
		http.Error(w, "there is no event, or no body", http.StatusTeapot)
		return
	}
	k.events = append(k.events, fmt.Sprintf("%s %d after %d", e.JobID, e.Sequence, e.Last))
	w.Header().Set("Retry-After", "7")
	w.WriteHeader(k.answer)
	_, _ = io.WriteString(w, "said")
}

func TestHandlerPassesEachEventOnce(t *testing.T) {
	t.Parallel()

	next := &taker{answer: 200}
	h := newVerifier(t, webhookverify.Options{Ledger: webhookverify.NewMemory(10)}, newSecret).Handler(next)
	steps := []struct {
		job      string
		sequence int
		handler  int // what it answers
		want     int
		said     string
	}{
		{"j", 1, 200, 200, "said"},
		{"j", 1, 200, 204, ""},     // again
		{"j", 2, 503, 503, "said"}, // the handler will have it again
		{"j", 2, 202, 202, "said"},
		{"j", 4, 200, 200, "said"}, // 3 was given up
		{"j", 3, 200, 204, ""},     // late
		{"k", 1, 200, 200, "said"}, // of another job
	}
	for _, s := range steps {
		next.answer = s.handler
		w := post(t, h, s.job, s.sequence)
		if w.Code != s.want || w.Body.String() != s.said || (w.Header().Get("Retry-After") == "7") != (s.said != "") {
			t.Errorf("%s %d: answered %d and %q with %v, want %d and %q", s.job, s.sequence, w.Code, w.Body, w.Header(), s.want, s.said)
		}
	}
	want := []string{"j 1 after 0", "j 2 after 1", "j 2 after 1", "j 4 after 2", "k 1 after 0"}
	if !slices.Equal(next.events, want) {
		t.Errorf("the handler took %q, want %q", next.events, want)
	}
}

// Without a ledger the handler sees all that is signed.
func TestHandlerWithoutLedger(t *testing.T) {
	t.Parallel()

	next := &taker{answer: 200}
	h := newVerifier(t, webhookverify.Options{}, public()).Handler(next)
	for range 2 {
		if w := post(t, h, "j", 1); w.Code != 200 {
			t.Errorf("answered %d, want 200", w.Code)
		}
	}
	if len(next.events) != 2 {
		t.Errorf("the handler took %q, want the event twice", next.events)
	}
}

func TestHandlerRefuses(t *testing.T) {
	t.Parallel()

	var refused []string
	v := newVerifier(t, webhookverify.Options{
		Ledger: webhookverify.NewMemory(10), MaxBody: 200,
		Refused: func(_ *http.Request, err error) { refused = append(refused, err.Error()) },
	}, newSecret)
	next := &taker{answer: 200}
	tests := []struct {
		name, method, body string
		header             http.Header
		want               int
	}{
		{"another method", http.MethodGet, body, signed(t, "j_3", body, time.Now()), 405},
		{"consent that nobody may ask for", http.MethodOptions, "", nil, 405},
		{"no signature", http.MethodPost, body, nil, 401},
		{"no event", http.MethodPost, "[]", signed(t, "j_3", "[]", time.Now()), 400},
		{"too long", http.MethodPost, strings.Repeat(" ", 201), nil, 413},
	}
	for _, tt := range tests {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, "/", strings.NewReader(tt.body))
		r.Header = tt.header
		w := httptest.NewRecorder()
		v.Handler(next).ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%s: answered %d, want %d", tt.name, w.Code, tt.want)
		}
	}
	if len(next.events) != 0 || len(refused) != len(tests) {
		t.Errorf("the handler took %q, and %q were refused; want nothing, and each", next.events, refused)
	}
}

// broken is a ledger that fails.
type broken struct{ last, keep error }

func (b broken) Last(context.Context, string) (int64, error) { return 0, b.last }
func (b broken) Keep(context.Context, string, int64) error   { return b.keep }

// The sender is told that an event is done only if the ledger has it.
func TestHandlerWithABrokenLedger(t *testing.T) {
	t.Parallel()

	down := errors.New("the database at 10.0.0.1 is down")
	for _, ledger := range []broken{{last: down}, {keep: down}} {
		next := &taker{answer: 200}
		h := newVerifier(t, webhookverify.Options{Ledger: ledger}, newSecret).Handler(next)
		if w := post(t, h, "j", 1); w.Code != 503 || strings.Contains(w.Body.String(), "10.0.0.1") {
			t.Errorf("%+v: answered %d and %q, want 503 without the reason", ledger, w.Code, w.Body)
		}
		if done := len(next.events) == 1; done != (ledger.last == nil) {
			t.Errorf("%+v: the handler took %q", ledger, next.events)
		}
	}
}

// An event that comes again while the handler is at work on it waits, and is not
// taken a second time. Events of other jobs do not wait.
func TestHandlerTakesOneEventOfAJobAtATime(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		var taken, others atomic.Int64
		work := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if e, _ := webhookverify.FromContext(r.Context()); e.JobID == "k" {
				others.Add(1)
				return
			}
			taken.Add(1)
			time.Sleep(time.Minute)
		})
		h := newVerifier(t, webhookverify.Options{Ledger: webhookverify.NewMemory(10)}, newSecret).Handler(work)
		var wg sync.WaitGroup
		codes := make([]int, 3)
		for n := range codes {
			wg.Go(func() { codes[n] = post(t, h, "j", 1).Code })
		}
		synctest.Wait()
		if post(t, h, "k", 1); others.Load() != 1 {
			t.Error("an event of another job waits")
		}
		wg.Wait()
		slices.Sort(codes)
		if taken.Load() != 1 || !slices.Equal(codes, []int{200, 204, 204}) {
			t.Errorf("taken %d times and answered %v, want once, and 204 for the others", taken.Load(), codes)
		}

		// Who has gone no longer waits.
		wg.Go(func() { post(t, h, "j", 2) })
		synctest.Wait()
		ctx, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(body))
		r.Header = signed(t, "j_3", body, time.Now())
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 503 {
			t.Errorf("answered %d once the time was up, want 503", w.Code)
		}
		wg.Wait()
	})
}

func TestMemoryForgetsTheOldest(t *testing.T) {
	t.Parallel()

	m := webhookverify.NewMemory(2)
	steps := []struct {
		job  string
		keep int64
		want map[string]int64
	}{
		{"a", 2, map[string]int64{"a": 2, "b": 0}},
		{"a", 1, map[string]int64{"a": 2}},
		{"b", 1, map[string]int64{"a": 2, "b": 1}},
		{"a", 3, map[string]int64{"a": 3, "b": 1}},
		{"c", 1, map[string]int64{"a": 3, "b": 0, "c": 1}},
	}
	for _, s := range steps {
		if err := m.Keep(t.Context(), s.job, s.keep); err != nil {
			t.Fatal(err)
		}
		for job, want := range s.want {
			if last, err := m.Last(t.Context(), job); last != want || err != nil {
				t.Errorf("after %s %d: Last(%s) = %d, %v; want %d", s.job, s.keep, job, last, err, want)
			}
		}
	}
}

func TestHandlerConsents(t *testing.T) {
	t.Parallel()

	next := &taker{answer: 200}
	tests := []struct {
		origins           []string
		asks, rate        string
		allowed, withRate string
	}{
		{[]string{"hooks.example.com"}, "hooks.example.com", "120", "hooks.example.com", "*"},
		{[]string{"hooks.example.com"}, "hooks.example.com", "", "hooks.example.com", ""},
		{[]string{"hooks.example.com"}, "other.example.com", "120", "", ""},
		{[]string{"*"}, "other.example.com", "", "other.example.com", ""},
		{[]string{"*"}, "", "", "", ""},
	}
	for _, tt := range tests {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodOptions, "/", http.NoBody)
		r.Header.Set("WebHook-Request-Origin", tt.asks)
		r.Header.Set("WebHook-Request-Rate", tt.rate)
		w := httptest.NewRecorder()
		newVerifier(t, webhookverify.Options{Origins: tt.origins}, newSecret).Handler(next).ServeHTTP(w, r)
		if got, rate := w.Header().Get("WebHook-Allowed-Origin"), w.Header().Get("WebHook-Allowed-Rate"); w.Code != 204 || got != tt.allowed || rate != tt.withRate {
			t.Errorf("%+v: answered %d, %q and %q", tt, w.Code, got, rate)
		}
	}
	if len(next.events) != 0 {
		t.Error("the handler was called")
	}
}
