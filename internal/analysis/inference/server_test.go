package inference_test

import (
	"encoding/json"
	"hash/maphash"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/turnwise/turnwise/internal/analysis/inference"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A server speaks the API. It answers as the function says, or with vectors
// that follow from the texts if there is none.
type server struct {
	url string

	mu    sync.Mutex
	calls []request
}

// A request is what a client sent.
type request struct {
	header http.Header
	path   string
	body   map[string]any
}

func (r request) texts() (texts []string) {
	for _, text := range r.body["input"].([]any) {
		texts = append(texts, text.(string))
	}
	return texts
}

func newServer(t testing.TB, answer http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := request{header: r.Header, path: r.URL.Path}
		if err := json.NewDecoder(r.Body).Decode(&call.body); err != nil {
			t.Errorf("decode the request: %v", err)
		}
		s.mu.Lock()
		s.calls = append(s.calls, call)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if answer != nil {
			answer(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(vectors(call.texts())) // the caller may have gone
	}))
	t.Cleanup(srv.Close)
	s.url = srv.URL + "/v1"
	return s
}

func (s *server) seen() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

func (s *server) client(t testing.TB, opts inference.Options) *inference.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	opts.URL, opts.EmbeddingModel, opts.ChatModel, opts.Transport = s.url, "small", "large", transport
	return inference.New(opts)
}

// seed makes the vectors of a text the same within a run of the tests.
var seed = maphash.MakeSeed()

// vectors is the answer with a vector for each text, the last one first.
func vectors(texts []string) any {
	type item struct {
		Object    string    `json:"object"`
		Index     int       `json:"index"`
		Embedding []float32 `json:"embedding"`
	}
	var data []item
	for i, text := range texts {
		r := rand.New(rand.NewPCG(maphash.String(seed, text), 0))
		v := make([]float32, 8)
		for n := range v {
			v[n] = 10 * (r.Float32() - 0.5)
		}
		data = append([]item{{"embedding", i, v}}, data...)
	}
	return map[string]any{"object": "list", "data": data, "model": "small"}
}

// says answers with a status and a body.
func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the caller may have gone
	}
}

// A meter counts calls by kind and outcome.
type meter struct {
	mu    sync.Mutex
	calls map[string]int
}

func (m *meter) ModelCalled(k inference.Kind, o inference.Outcome, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.calls == nil {
		m.calls = map[string]int{}
	}
	m.calls[string(k)+" "+string(o)]++
}
