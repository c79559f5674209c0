package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

const (
	conversationID = "5815170693595136"
	jobID          = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"
	otherJobID     = "1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11"
	token          = "tok-1"
)

// fakeAPI answers like the API, for one account with one conversation and the
// jobs that a test gives it.
type fakeAPI struct {
	*httptest.Server

	mu       sync.Mutex
	jobs     map[string][]string // documents that GET answers one after another; the last one stays
	messages []string            // documents; the last one stays
	refuse   []refusal           // what comes before the first success
	bodies   []string            // of the submissions and the changes
	version  int                 // of the conversation
	changes  int                 // that others make, one before each PUT
	calls    []string            // method, path and idempotency key
}

type refusal struct {
	status     int
	message    string
	retryAfter string
}

func newFakeAPI(t *testing.T) *fakeAPI {
	t.Helper()
	f := &fakeAPI{
		version:  2,
		jobs:     map[string][]string{jobID: {jobDocument("completed", "")}},
		messages: []string{`{"messages":[` + messageDocument("1", "Ana", "Hello.", "00") + `,` + messageDocument("2", "", "Hi \u001b[2J there.", "01") + `]}`},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/process/text", f.submit)
	mux.HandleFunc("PUT /v1/process/text/{id}", f.submit)
	mux.HandleFunc("GET /v1/job/{id}", f.job)
	mux.HandleFunc("GET /v1/job/{id}/attempts", f.attempts)
	mux.HandleFunc("GET /v1/conversations/{id}", f.conversation)
	f.more(mux)
	mux.HandleFunc("GET /v1/conversations/{id}/messages", f.stored)
	f.Server = httptest.NewServer(f.gate(mux))
	t.Cleanup(f.Close)
	return f
}

// gate records the call and answers what is refused whatever it asks for.
func (f *fakeAPI) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.calls = append(f.calls, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+r.Header.Get("Idempotency-Key")))
		w.Header().Set("Content-Type", "application/json")
		if len(f.refuse) > 0 {
			first := f.refuse[0]
			f.refuse = f.refuse[1:]
			if first.retryAfter != "" {
				w.Header().Set("Retry-After", first.retryAfter)
			}
			answerError(w, first.status, first.message)
			return
		}
		if r.Header.Get("Authorization") != "Bearer "+token {
			answerError(w, http.StatusUnauthorized, "Token validation failed for provided token.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func answerError(w http.ResponseWriter, status int, message string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"statusCode": status, "message": message})
}

func (f *fakeAPI) submit(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if id != "" && id != conversationID {
		answerError(w, http.StatusNotFound, "The conversationId is either invalid or does not exist.")
		return
	}
	body, _ := io.ReadAll(r.Body)
	f.bodies = append(f.bodies, string(body))
	var request struct {
		Messages []json.RawMessage `json:"messages"`
	}
	if json.Unmarshal(body, &request) != nil || len(request.Messages) == 0 {
		answerError(w, http.StatusBadRequest, `"messages" is required`)
		return
	}
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"conversationId":%q,"jobId":%q}`, conversationID, jobID)
}

func (f *fakeAPI) job(w http.ResponseWriter, r *http.Request) {
	documents := f.jobs[r.PathValue("id")]
	if len(documents) == 0 {
		answerError(w, http.StatusNotFound, "The jobId is either invalid or does not exist.")
		return
	}
	_, _ = io.WriteString(w, documents[0])
	if len(documents) > 1 {
		f.jobs[r.PathValue("id")] = documents[1:]
	}
}

func (f *fakeAPI) attempts(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != jobID {
		_, _ = io.WriteString(w, `{"attempts":[]}`)
		return
	}
	_, _ = io.WriteString(w, `{"attempts":[{"eventId":"`+jobID+`_1_5d2f1c9a","status":"scheduled","attempt":1,"at":"2026-03-01T10:00:00.100Z",`+
		`"outcome":"retry","code":503,"totalMs":1.25,"nextAt":"2026-03-01T10:00:05.100Z"}]}`)
}

func (f *fakeAPI) conversation(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != conversationID {
		answerError(w, http.StatusNotFound, "The conversationId is either invalid or does not exist.")
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%d-0"`, f.version))
	_, _ = io.WriteString(w, `{"id":"`+conversationID+`","type":"meeting","name":"Release","startTime":"2026-03-01T10:00:00.000Z",`+
		`"endTime":"2026-03-01T10:00:09.500Z","members":[{"id":"m-1","name":"Ana","email":"ana@example.com"}],"metadata":{"b":"2","a":"1"}}`)
}

func (f *fakeAPI) stored(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != conversationID {
		answerError(w, http.StatusNotFound, "The conversationId is either invalid or does not exist.")
		return
	}
	_, _ = io.WriteString(w, f.messages[0])
	if len(f.messages) > 1 {
		f.messages = f.messages[1:]
	}
}

func messageDocument(id, name, text, second string) string {
	from, _ := json.Marshal(map[string]string{"name": name})
	quoted, _ := json.Marshal(text)
	return `{"id":"` + id + `","text":` + string(quoted) + `,"from":` + string(from) + `,"startTime":"2026-03-01T10:00:` + second + `.000Z"}`
}

// jobDocument is a job that was accepted at 10:00, started 4 ms later and
// finished 12 ms later, as far as the status goes.
func jobDocument(status, message string) string {
	document := map[string]string{
		"id": jobID, "conversationId": conversationID, "status": status,
		"acceptedAt": "2026-03-01T10:00:00.000Z",
	}
	if status != "scheduled" {
		document["startedAt"] = "2026-03-01T10:00:00.004Z"
	}
	if status == "completed" || status == "failed" {
		document["finishedAt"] = "2026-03-01T10:00:00.012Z"
	}
	if message != "" {
		document["message"] = message
	}
	encoded, _ := json.Marshal(document)
	return string(encoded)
}

// result is what a run of enqueue left behind.
type result struct {
	code           int
	stdout, stderr string
}

// environment is a set of variables; its data directory is empty unless a
// test fills it.
type environment map[string]string

func (e environment) lookup(name string) (string, bool) {
	v, ok := e[name]
	return v, ok
}

// enqueue runs the command line against f.
func (f *fakeAPI) enqueue(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	env := environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": token, "TURNWISE_DATA_DIR": t.TempDir()}
	return enqueue(t, env, stdin, args...)
}

func enqueue(t *testing.T, env environment, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, env.lookup, stdio{strings.NewReader(stdin), &stdout, &stderr})
	return result{code, stdout.String(), stderr.String()}
}
