package compat

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// An analyzer is an external analyzer that finds something in the words of
// messages, waits at "Wait." and refuses "Fail." It notes its requests.
type analyzer struct {
	url      string
	server   *httptest.Server
	released chan struct{} // closed when nothing waits any longer

	mu    sync.Mutex
	asked map[string]options // by job
}

// The options of a job, as an analyzer gets them.
type options struct {
	DetectPhrases       bool            `json:"detectPhrases"`
	DetectEntities      bool            `json:"detectEntities"`
	ConfidenceThreshold *float64        `json:"confidenceThreshold"`
	Entities            json.RawMessage `json:"entities"`
	Trackers            json.RawMessage `json:"trackers"`
}

func newAnalyzer() *analyzer {
	a := &analyzer{asked: map[string]options{}, released: make(chan struct{})}
	a.server = httptest.NewServer(http.HandlerFunc(a.analyze))
	a.url = a.server.URL
	return a
}

// address is empty if there is no analyzer.
func (a *analyzer) address() string {
	if a == nil {
		return ""
	}
	return a.url
}

func (a *analyzer) close() {
	a.server.CloseClientConnections()
	a.server.Close()
}

// release ends all waiting at "Wait.", and that to come.
func (a *analyzer) release() { close(a.released) }

// optionsOf returns what the job was submitted with.
func (a *analyzer) optionsOf(t *testing.T, job string) options {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	o, found := a.asked[job]
	if !found {
		t.Fatalf("the analyzer was not asked about job %s", job)
	}
	return o
}

type finding struct {
	Type       string   `json:"type"`
	Text       string   `json:"text"`
	Score      float64  `json:"score"`
	MessageIDs []string `json:"messageIds"`
}

func (a *analyzer) analyze(w http.ResponseWriter, r *http.Request) {
	var job struct {
		JobID    string
		Options  options
		Messages []struct{ ID, Text string }
	}
	if err := json.NewDecoder(r.Body).Decode(&job); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a.mu.Lock()
	a.asked[job.JobID] = job.Options
	a.mu.Unlock()
	var found []finding
	for _, m := range job.Messages {
		for word, kind := range map[string]string{"?": "question", "I will ": "action_item", "Let us ": "follow_up"} {
			if strings.Contains(m.Text, word) {
				found = append(found, finding{kind, m.Text, 0.984, []string{m.ID}})
			}
		}
		switch m.Text {
		case "Wait.":
			select {
			case <-a.released:
			case <-r.Context().Done():
			}
		case "Fail.":
			http.Error(w, `{"message":"This cannot be analyzed."}`, http.StatusUnprocessableEntity)
			return
		}
	}
	slices.SortFunc(found, func(x, y finding) int { return strings.Compare(x.MessageIDs[0]+x.Type, y.MessageIDs[0]+y.Type) })
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"insights": found}) // the caller may have gone
}
