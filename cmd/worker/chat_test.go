package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// A chatModel is a server of a chat model that has an answer to each kind of
// question.
type chatModel struct {
	*httptest.Server

	mu    sync.Mutex
	asked []string // kinds, as they came
}

// newChatModel returns a model that says these texts, by kind of question. What
// it has no text for it refuses.
func newChatModel(t *testing.T, says map[string]string) *chatModel {
	t.Helper()
	m := &chatModel{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Model  string
			Format struct {
				Schema struct{ Name string } `json:"json_schema"`
			} `json:"response_format"`
		}
		err := json.NewDecoder(r.Body).Decode(&q)
		if err != nil || r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer secret" || q.Model != "small" {
			t.Errorf("asked %s of %+v by %q: %v", r.URL, q, r.Header.Get("Authorization"), err)
		}
		m.mu.Lock()
		m.asked = append(m.asked, q.Format.Schema.Name)
		m.mu.Unlock()
		text, ok := says[q.Format.Schema.Name]
		w.Header().Set("Content-Type", "application/json")
		if !ok {
			w.WriteHeader(http.StatusBadRequest)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": text}}}})
	}))
	t.Cleanup(m.Close)
	return m
}

// kinds returns of what kind the questions were so far, in alphabetical order.
func (m *chatModel) kinds() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(slices.Values(m.asked))
}

// A conversationAnswer is what is told of a conversation's insights.
type conversationAnswer struct {
	ActionItems []struct {
		Text       string
		MessageIDs []string
	}
	Summary []struct {
		Text        string
		MessageRefs []struct{ ID string }
	}
}

// TestChat has an append analysed with a model that answers, one that does
// not, one that lies, and one that is not there.
func TestChat(t *testing.T) {
	t.Parallel()

	const (
		text    = "The printer on the third floor is broken again. I will send the invoice to Globex tomorrow."
		broken  = "The printer on the third floor is broken again."
		invoice = "I will send the invoice to Globex tomorrow."
		task    = `{"tasks":[{"type":"action_item","sentences":[1],"quote":"The printer on the third floor is broken","confidence":0.9,"assignee":"","definitive":true,"phrase":""}]}`
		points  = `{"sentences":[{"text":"A printer is broken, and Globex gets an invoice.","messages":[1,2]}]}`
	)
	tests := []struct {
		name      string
		says      map[string]string
		dead      bool
		analyzers []string
		task      string
		summary   []string // one line of two messages if the model wrote it
		asked     []string
	}{
		{"answers", map[string]string{"tasks": task, "summary": points}, false, []string{"local", "chat"}, broken, []string{"A printer is broken, and Globex gets an invoice."}, []string{"summary", "tasks"}},
		{"refuses", nil, false, []string{"local"}, invoice, []string{broken, invoice}, []string{"summary", "tasks"}},
		{"lies", map[string]string{"tasks": strings.ReplaceAll(task, "printer", "safe"), "summary": strings.ReplaceAll(points, "1,2", "7")}, false, []string{"local"}, invoice, []string{broken, invoice}, []string{"summary", "tasks"}},
		{"is not there", nil, true, []string{"local"}, invoice, []string{broken, invoice}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			model := newChatModel(t, tt.says)
			if tt.dead {
				model.Close()
			}
			w := startWorker(t, "MODEL_URL="+model.URL+"/v1", "MODEL_KEY=secret", "CHAT_MODEL=small", "MODEL_TIMEOUT=2s")
			c := newClient(w)
			hooks := newReceiver(t, healthy)
			job := c.append("", text, hooks.url)
			got := c.finish(job.JobID)
			if got.Status != jobs.Completed || !slices.Equal(got.Analyzers, tt.analyzers) {
				t.Errorf("the job is %s by %q, want completed by %q", got.Status, got.Analyzers, tt.analyzers)
			}
			var found conversationAnswer
			c.get("/v1/conversations/"+job.ConversationID+"/action-items", &found)
			if len(found.ActionItems) != 1 || found.ActionItems[0].Text != tt.task {
				t.Errorf("action items %+v, want %q", found.ActionItems, tt.task)
			}
			c.get("/v1/conversations/"+job.ConversationID+"/summary", &found)
			var lines []string
			for _, line := range found.Summary {
				lines = append(lines, line.Text)
			}
			written := len(found.Summary) == 1 && len(found.Summary[0].MessageRefs) == 2
			if !slices.Equal(lines, tt.summary) || written != slices.Contains(tt.analyzers, "chat") {
				t.Errorf("summary %+v, want %q", found.Summary, tt.summary)
			}
			if asked := model.kinds(); !slices.Equal(asked, tt.asked) {
				t.Errorf("the model was asked for %q, want %q", asked, tt.asked)
			}
			if warned := strings.Contains(w.log.String(), "chat model not used"); warned == slices.Contains(tt.analyzers, "chat") {
				t.Errorf("warned %t:\n%s", warned, w.log.String())
			}
			hooks.checkLives(t, jobs.Completed, job)
		})
	}
}

// TestChatThatIsSlow has a model that never answers: the job is completed all
// the same when its time is over.
func TestChatThatIsSlow(t *testing.T) {
	t.Parallel()

	model := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_ = json.NewDecoder(r.Body).Decode(&struct{}{}) // else the hanging up goes unnoticed
		<-r.Context().Done()
	}))
	t.Cleanup(model.Close)
	c := newClient(startWorker(t, "MODEL_URL="+model.URL+"/v1", "CHAT_MODEL=small", "MODEL_TIMEOUT=1s"))
	job := c.append("", "I will call Globex.", "")
	got := c.finish(job.JobID)
	if took := got.FinishedAt.Sub(got.StartedAt); got.Status != jobs.Completed || !slices.Equal(got.Analyzers, []string{"local"}) || took < time.Second {
		t.Errorf("the job is %s by %q after %v, want completed by local after 1s", got.Status, got.Analyzers, took)
	}
}
