package analyzer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/analyzer"
	"github.com/turnwise/turnwise/internal/analysis/inference"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

// engine is what analyses locally.
var engine = sync.OnceValue(func() *analysis.Engine {
	lex, err := lexicon.Load()
	if err != nil {
		panic(err)
	}
	e, err := analysis.New(lex)
	if err != nil {
		panic(err)
	}
	return e
})

// A prompt is what a model is asked.
type prompt struct {
	System    string
	Sentences []struct {
		ID            int
		Speaker, Text string
	}
	user   string // the sentences as they were sent
	schema json.RawMessage
}

// A modelServer is a server of a chat model.
type modelServer struct {
	*httptest.Server

	mu      sync.Mutex
	prompts []prompt
}

// newModel returns a model that answers as the function says: with an HTTP
// status and, if that is 200, with a text.
func newModel(t *testing.T, say func(context.Context, prompt) (status int, text string)) *modelServer {
	t.Helper()

	m := &modelServer{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := readPrompt(r)
		if err != nil {
			t.Errorf("the question is not as it should be: %v", err)
		}
		m.mu.Lock()
		m.prompts = append(m.prompts, p)
		m.mu.Unlock()
		status, text := say(r.Context(), p)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{ // the caller may have gone
			map[string]any{"finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": text}},
		}})
	}))
	t.Cleanup(m.Close)
	return m
}

func readPrompt(r *http.Request) (p prompt, err error) {
	var body struct {
		Messages []struct{ Role, Content string }
		Format   struct {
			Type   string
			Schema struct {
				Strict bool
				Schema json.RawMessage
			} `json:"json_schema"`
		} `json:"response_format"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return p, err
	}
	if len(body.Messages) != 2 || body.Messages[0].Role != "system" || body.Messages[1].Role != "user" || !body.Format.Schema.Strict {
		return p, fmt.Errorf("it is %+v", body)
	}
	p.System, p.user, p.schema = body.Messages[0].Content, body.Messages[1].Content, body.Format.Schema.Schema
	return p, json.Unmarshal([]byte(body.Messages[1].Content), &p)
}

// always has a model say the same to everything.
func always(text string) func(context.Context, prompt) (int, string) {
	return func(context.Context, prompt) (int, string) { return http.StatusOK, text }
}

// asked returns the questions so far.
func (m *modelServer) asked() []prompt {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.prompts)
}

// chat returns a Chat that asks the model, and what it logs.
func (m *modelServer) chat(timeout time.Duration) (*analyzer.Chat, *bytes.Buffer) {
	return newChat(inference.New(inference.Options{
		URL: m.URL + "/v1", ChatModel: "small", Timeout: timeout, Transport: m.Client().Transport,
	}))
}

func newChat(model analyzer.Asker) (*analyzer.Chat, *bytes.Buffer) {
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, nil))
	return analyzer.NewChat(jobs.Local{Engine: engine()}, engine(), model, log), &logged
}

var accepted = time.Date(2026, 8, 3, 8, 0, 0, 0, time.UTC) // a Monday

// meeting is a job with tasks that the local analysis finds too: sentences 1
// and 2 by Ann Lee, 3 by somebody without a name, and 4 and 5 by Bob.
func meeting() jobs.Task {
	return jobs.Task{JobID: jobID, Account: "acme", Attempt: 1, Input: analysis.Input{JobID: jobID, AcceptedAt: accepted, Utterances: []analysis.Utterance{
		{From: conversation.Speaker{Name: "Ann Lee", UserID: "ann@example.com"}, Text: "Is the  invoice <draft> ready? I will send it to Globex by Friday."},
		{From: conversation.Speaker{UserID: "carl@example.com"}, Text: "Mark should call them."},
		{From: conversation.Speaker{Name: "Bob"}, Text: "The printer was slow. Rubber buttons would be nice."},
	}}}
}

// id returns that of a message of meeting, counted from 1.
func id(n int) string { return conversation.MessageID(jobID, n-1) }

// local returns what is found in a task without a model.
func local(t *testing.T, task jobs.Task) analysis.Result {
	t.Helper()
	r, err := jobs.Local{Engine: engine()}.Analyze(t.Context(), task)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func questions(found []analysis.Insight) []analysis.Insight {
	return slices.DeleteFunc(slices.Clone(found), func(in analysis.Insight) bool { return in.Type != "question" })
}

// asker is a model that needs no network.
type asker func(ctx context.Context, p prompt) (string, error)

func (a asker) Ask(ctx context.Context, q inference.Question, answer any) error {
	p := prompt{System: q.System}
	if err := json.Unmarshal([]byte(q.User), &p); err != nil {
		return err
	}
	text, err := a(ctx, p)
	if err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(answer)
}
