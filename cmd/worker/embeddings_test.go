package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/inference/modeltest"
	"github.com/turnwise/turnwise/internal/jobs"
)

// newVectors returns a server of vectors.
func newVectors(t *testing.T) *httptest.Server {
	t.Helper()
	vectors, err := modeltest.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer model-key" {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		vectors.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv
}

// said is the body of an append with a tracker, to which one sentence of the
// speaker is alike and which another says.
func said(t testing.TB, speaker string) string {
	t.Helper()
	b, err := json.Marshal(map[string]any{
		"trackers": []any{map[string]any{"name": "leave", "vocabulary": []string{"terminate the contract"}}},
		"messages": []any{map[string]any{"payload": map[string]any{
			"content": speaker + " looked at the sky. " + alike(speaker) + " " + literal(speaker),
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func alike(speaker string) string   { return speaker + " would end the agreement." }
func literal(speaker string) string { return speaker + " had to terminate the contract." }

// work appends said and returns the job and the places where its tracker is
// matched.
func (c *client) work(speaker string) (job jobView, places []string) {
	c.t.Helper()
	a, err := c.submit(c.t.Context(), "", said(c.t, speaker))
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := a.receipt()
	if err != nil {
		c.t.Fatal(err)
	}
	c.finish(r.JobID)
	c.get("/v1/job/"+r.JobID, &job)
	var trackers []struct {
		Matches []struct {
			Value       string
			MessageRefs []struct{ Text string }
		}
	}
	c.get("/v1/conversations/"+r.ConversationID+"/trackers-detected", &trackers)
	for _, tracker := range trackers {
		for _, m := range tracker.Matches {
			for _, ref := range m.MessageRefs {
				places = append(places, ref.Text)
			}
		}
	}
	return job, places
}

// A jobView is a job with who analysed it.
type jobView struct {
	ConversationID string
	Status         jobs.Status
	Analyzers      []string
}

// TestEmbeddings has a tracker matched by meaning while there is a model, and
// only as this process can when there is none.
func TestEmbeddings(t *testing.T) {
	t.Parallel()

	model := newVectors(t)
	w := startWorker(t, "EMBEDDED=memory", "MODEL_URL="+model.URL+"/v1", "MODEL_KEY=model-key", "EMBEDDING_MODEL=words")
	c := newClient(w)

	job, places := c.work("Ann")
	if job.Status != jobs.Completed || !slices.Equal(job.Analyzers, []string{"local", "embeddings"}) {
		t.Errorf("job %+v, want it completed by local and embeddings", job)
	}
	if !contains(places, literal("Ann")) || !contains(places, alike("Ann")) {
		t.Errorf("matches in %q, want one in %q and %q", places, literal("Ann"), alike("Ann"))
	}
	var topics struct{ Topics []struct{ Text string } }
	c.get("/v1/conversations/"+job.ConversationID+"/topics", &topics)
	if len(topics.Topics) == 0 {
		t.Error("there are no topics")
	}

	model.Close()
	job, places = c.work("Bob")
	if job.Status != jobs.Completed || !slices.Equal(job.Analyzers, []string{"local"}) {
		t.Errorf("job %+v without a model, want it completed by local", job)
	}
	if !contains(places, literal("Bob")) || contains(places, alike("Bob")) {
		t.Errorf("matches in %q without a model, want one in %q only", places, literal("Bob"))
	}
	c.get("/v1/conversations/"+job.ConversationID+"/topics", &topics)
	if len(topics.Topics) == 0 {
		t.Error("there are no topics without a model")
	}
	// Of those that were ok the first two were about the job and the background.
	for outcome, want := range map[string]float64{"ok": 3, "unreachable": 2} {
		if got := w.metric(`turnwise_model_calls_total{kind="embed",outcome="` + outcome + `"}`); got != want {
			t.Errorf("%v calls of the model were %s, want %v", got, outcome, want)
		}
	}
	if log := w.log.String(); !strings.Contains(log, "embeddings not used") || !strings.Contains(log, "could not be reached") || strings.Contains(log, "model-key") {
		t.Errorf("the log says\n%s\nwant why there were no embeddings, without the key", log)
	}
}

// contains reports whether a text stands in one of the places.
func contains(places []string, text string) bool {
	return slices.ContainsFunc(places, func(p string) bool { return strings.Contains(p, text) })
}
