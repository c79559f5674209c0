package analyzer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/analyzer"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var _ jobs.Analyzer = (*analyzer.Remote)(nil)

const jobID = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"

// The ids of the messages of task.
var m0, m1 = conversation.MessageID(jobID, 0), conversation.MessageID(jobID, 1)

func task() jobs.Task {
	accepted := time.Date(2026, 8, 1, 8, 0, 0, 0, time.UTC)
	return jobs.Task{
		JobID: jobID, ConversationID: "5815170693595136", Account: "acme", Attempt: 2,
		Input: analysis.Input{JobID: jobID, AcceptedAt: accepted, Utterances: []analysis.Utterance{
			{
				From: conversation.Speaker{ID: "7", UserID: "ann@example.com", Name: "Ann"}, Text: "Can you call? I will.",
				Start: accepted.Add(time.Second), End: accepted.Add(2 * time.Second),
			},
			{Text: "Ok"},
		}, Options: analysis.Options{Name: "Call", DetectPhrases: true, Features: json.RawMessage(`{"a":1}`)}},
	}
}

// serve returns a Remote that asks h.
func serve(t *testing.T, h http.HandlerFunc, timeout time.Duration) *analyzer.Remote {
	t.Helper()

	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return analyzer.New(srv.URL+"/analyze", analyzer.Options{Timeout: timeout, Transport: srv.Client().Transport})
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestRequest(t *testing.T) {
	t.Parallel()

	var got map[string]any
	r := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/analyze" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("request is %s %s with %v", r.Method, r.URL, r.Header)
		}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Errorf("decode the request: %v", err)
		}
		_, _ = io.WriteString(w, "{}")
	}, 0)
	result, err := r.Analyze(t.Context(), task())
	if err != nil {
		t.Fatal(err)
	}
	want := analysis.Analyze(task().Input)
	want.Analyzers = []string{"local", "external"}
	if !reflect.DeepEqual(result, want) {
		t.Errorf("Analyze = %+v, want the local %+v", result, want)
	}
	ann := map[string]any{"id": "7", "userId": "ann@example.com", "name": "Ann"}
	sent := map[string]any{
		"jobId": jobID, "conversationId": "5815170693595136", "attempt": 2.0,
		"options": map[string]any{"name": "Call", "detectPhrases": true, "features": map[string]any{"a": 1.0}},
		"messages": []any{
			map[string]any{
				"id": m0, "text": "Can you call?", "from": ann,
				"startTime": "2026-08-01T08:00:01.000Z", "endTime": "2026-08-01T08:00:01.650Z",
			},
			map[string]any{
				"id": m1, "text": "I will.", "from": ann,
				"startTime": "2026-08-01T08:00:01.650Z", "endTime": "2026-08-01T08:00:02.000Z",
			},
			map[string]any{
				"id": conversation.MessageID(jobID, 2), "text": "Ok", "from": map[string]any{},
				"startTime": "2026-08-01T08:00:02.000Z", "endTime": "2026-08-01T08:00:03.000Z",
			},
		},
	}
	if !reflect.DeepEqual(got, sent) {
		t.Errorf("request = %v,\n\twant %v", got, sent)
	}
}

func TestInsights(t *testing.T) {
	t.Parallel()

	half, most, none := 0.5, 0.95, 0.0
	id := func(n int) string { return conversation.MessageID(jobID+"/insights", n) }
	tests := []struct {
		name      string
		status    int
		answer    string
		threshold *float64
		want      []analysis.Insight
	}{
		{name: "no member", status: 200, answer: `{}`},
		{name: "none", status: 200, answer: `{"insights":[]}`},
		{name: "null", status: 200, answer: `{"insights":null}`},
		{name: "no content", status: 204},
		{
			name: "every member", status: 200,
			answer: `{"insights":[{"id":"42","type":"question","text":"Can you call?","score":0.75,"messageIds":["` + m0 + `","` + m1 + `"]}]}`,
			want:   []analysis.Insight{{ID: "42", Type: "question", Text: "Can you call?", Score: 0.75, MessageIDs: []string{m0, m1}}},
		},
		{
			name: "members left out, members unknown", status: 202,
			answer: `{"model":"x","insights":[{"type":"follow_up","text":" Call ","messageIds":["` + m0 + `"],"due":"now"},
				{"type":"action_item","text":"Do","messageIds":["` + m1 + `"]}]}`,
			want: []analysis.Insight{
				{ID: id(0), Type: "follow_up", Text: "Call", Score: 1, MessageIDs: []string{m0}},
				{ID: id(1), Type: "action_item", Text: "Do", Score: 1, MessageIDs: []string{m1}},
			},
		},
		{
			name: "threshold of one half by default", status: 200, answer: scored("0.49", "0.5"),
			want: []analysis.Insight{{ID: id(1), Type: "question", Text: "Q", Score: half, MessageIDs: []string{m0}}},
		},
		{
			name: "threshold of the job", status: 200, answer: scored("0.94", "0.95"), threshold: &most,
			want: []analysis.Insight{{ID: id(1), Type: "question", Text: "Q", Score: most, MessageIDs: []string{m0}}},
		},
		{
			name: "no threshold", status: 200, answer: scored("0"), threshold: &none,
			want: []analysis.Insight{{ID: id(0), Type: "question", Text: "Q", Score: 0, MessageIDs: []string{m0}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			job := task()
			job.Input.Options.ConfidenceThreshold = tt.threshold
			result, err := serve(t, answer(tt.status, tt.answer), 0).Analyze(t.Context(), job)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(result.Insights, tt.want) {
				t.Errorf("Insights = %+v, want %+v", result.Insights, tt.want)
			}
			if len(result.Sentences) != 3 {
				t.Errorf("%d sentences, want 3", len(result.Sentences))
			}
		})
	}
}

// scored answers a question per score.
func scored(scores ...string) string {
	var insights []string
	for _, s := range scores {
		insights = append(insights, `{"type":"question","text":"Q","messageIds":["`+m0+`"],"score":`+s+`}`)
	}
	return `{"insights":[` + strings.Join(insights, ",") + `]}`
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()

	r := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/analyze" {
			t.Errorf("%s was asked for", r.URL)
		}
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}, 0)
	_, err := r.Analyze(t.Context(), task())
	checkError(t, err, "the analyzer answered 307", false)
}

func TestSilence(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		body string // sent before the silence
	}{
		{"before the answer", ""},
		{"within the answer", `{"insights":`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			r := serve(t, silentAfter(tt.body, func() {}), 50*time.Millisecond)
			_, err := r.Analyze(t.Context(), task())
			checkError(t, err, "the analyzer did not answer within 50ms", false)
		})
	}
}

// silentAfter sends the beginning of an answer, calls then, and does nothing
// more until the caller hangs up.
func silentAfter(body string, then func()) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else the hanging up goes unnoticed
		if body != "" {
			_, _ = io.WriteString(w, body)
			_ = http.NewResponseController(w).Flush()
		}
		then()
		<-r.Context().Done()
	}
}

func TestAnswerBreaksOff(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name      string
		status    int
		want      string
		permanent bool
	}{
		{"insights", 200, "the analyzer's answer broke off", false},
		{"refusal", 400, "the analyzer answered 400", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			r := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, "{")
			}, 0)
			_, err := r.Analyze(t.Context(), task())
			checkError(t, err, tt.want, tt.permanent)
		})
	}
}

// TestAddressStaysSecret covers every way in which the text of an error of
// net/http names the address.
func TestAddressStaysSecret(t *testing.T) {
	t.Parallel()

	closed := httptest.NewServer(nil)
	closed.Close()
	host := strings.TrimPrefix(closed.URL, "http://")
	for _, url := range []string{"http://user:secret@" + host, "ftp://user:secret@" + host, "http://user:secret@" + host + "/\x7f"} {
		_, err := analyzer.New(url, analyzer.Options{}).Analyze(t.Context(), task())
		checkError(t, err, "the analyzer could not be reached", false)

		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", slog.Any("err", err))
		if line := log.String(); strings.Contains(line, "secret") || !strings.Contains(line, "could not be reached: ") {
			t.Errorf("logged %s, want the cause without the password", line)
		}
	}
}

func TestUserOfURL(t *testing.T) {
	t.Parallel()

	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "me" || password != "secret" {
			t.Errorf("request by %q, %q", user, password)
		}
		_, _ = io.WriteString(w, "{}")
	}))
	defer srv.Close()
	url := strings.Replace(srv.URL, "http://", "http://me:secret@", 1)
	if _, err := analyzer.New(url, analyzer.Options{}).Analyze(t.Context(), task()); err != nil {
		t.Error(err)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()

	for _, body := range []string{"", `{"insights":`} {
		ctx, cancel := context.WithCancel(t.Context())
		r := serve(t, silentAfter(body, cancel), 0)
		if _, err := r.Analyze(ctx, task()); !errors.Is(err, context.Canceled) {
			t.Errorf("Analyze after %q: %v, want %v", body, err, context.Canceled)
		}
	}
}

func TestOptionsThatAreNoJSON(t *testing.T) {
	t.Parallel()

	job := task()
	job.Input.Options.Features = json.RawMessage("{")
	_, err := serve(t, answer(200, "{}"), 0).Analyze(t.Context(), job)
	checkError(t, err, "the job's options are not valid JSON, so the analyzer cannot be asked", true)
}
