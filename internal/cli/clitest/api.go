package clitest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/turnwise/turnwise/internal/account/tryout"
)

// What the API knows.
const (
	ConversationID = "5815170693595136"
	JobID          = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"
	OtherJobID     = "1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11"
	Token          = "tok-1"
	Proof          = "proof-1" // by which it is known as the worker of a try-out
)

// An API answers like the API of a worker, for one account with one
// conversation and the jobs that a test gives it. Set its fields before the
// first request, and read them after the last one.
type API struct {
	*httptest.Server

	Jobs     map[string][]string // documents, by job; each GET returns the next one, and the last one again and again
	Messages []string            // documents; each GET returns the next one, and the last one again and again
	Refuse   []Refusal           // the answers to the first requests
	Changes  int                 // made by others, one before each PUT
	Bodies   []string            // of submissions and changes; queries of lists
	Calls    []string            // method, path and idempotency key

	mu      sync.Mutex
	version int // of the conversation
}

// A Refusal is an answer that is not a success.
type Refusal struct {
	Status     int
	Message    string
	RetryAfter string
}

// NewAPI starts an API that is closed with the test.
func NewAPI(t testing.TB) *API {
	t.Helper()
	f := &API{
		version:  2,
		Jobs:     map[string][]string{JobID: {JobDocument("completed", "")}},
		Messages: []string{`{"messages":[` + MessageDocument("1", "Ana", "Hello.", "00") + `,` + MessageDocument("2", "", "Hi \u001b[2J there.", "01") + `]}`},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/process/text", f.submit)
	mux.HandleFunc("PUT /v1/process/text/{id}", f.submit)
	mux.HandleFunc("GET /v1/job/{id}", f.job)
	mux.HandleFunc("GET /v1/job/{id}/attempts", f.attempts)
	mux.HandleFunc("GET /v1/conversations/{id}", f.conversation)
	f.handleRest(mux)
	mux.HandleFunc("GET /v1/conversations/{id}/messages", f.stored)
	f.Server = httptest.NewServer(tryout.Answer(Proof, f.gate(mux)))
	t.Cleanup(f.Close)
	return f
}

// gate records the call, and answers with the refusals before anything else.
func (f *API) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.Calls = append(f.Calls, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+r.Header.Get("Idempotency-Key")))
		w.Header().Set("Content-Type", "application/json")
		if len(f.Refuse) > 0 {
			first := f.Refuse[0]
			f.Refuse = f.Refuse[1:]
			if first.RetryAfter != "" {
				w.Header().Set("Retry-After", first.RetryAfter)
			}
			answerError(w, first.Status, first.Message)
			return
		}
		if r.Header.Get("Authorization") != "Bearer "+Token {
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

func (f *API) submit(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if id != "" && id != ConversationID {
		answerError(w, http.StatusNotFound, "The conversationId is either invalid or does not exist.")
		return
	}
	body, _ := io.ReadAll(r.Body)
	f.Bodies = append(f.Bodies, string(body))
	var request struct {
		Messages []json.RawMessage `json:"messages"`
	}
	if json.Unmarshal(body, &request) != nil || len(request.Messages) == 0 {
		answerError(w, http.StatusBadRequest, `"messages" is required`)
		return
	}
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"conversationId":%q,"jobId":%q}`, ConversationID, JobID)
}

func (f *API) job(w http.ResponseWriter, r *http.Request) {
	documents := f.Jobs[r.PathValue("id")]
	if len(documents) == 0 {
		answerError(w, http.StatusNotFound, "The jobId is either invalid or does not exist.")
		return
	}
	_, _ = io.WriteString(w, documents[0])
	if len(documents) > 1 {
		f.Jobs[r.PathValue("id")] = documents[1:]
	}
}

func (f *API) attempts(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != JobID {
		_, _ = io.WriteString(w, `{"attempts":[]}`)
		return
	}
	_, _ = io.WriteString(w, `{"attempts":[{"eventId":"`+JobID+`_1_5d2f1c9a","status":"scheduled","attempt":1,"at":"2026-03-01T10:00:00.100Z",`+
		`"outcome":"retry","code":503,"totalMs":1.25,"nextAt":"2026-03-01T10:00:05.100Z"}]}`)
}

func (f *API) conversation(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != ConversationID {
		answerError(w, http.StatusNotFound, "The conversationId is either invalid or does not exist.")
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%d-0"`, f.version))
	_, _ = io.WriteString(w, `{"id":"`+ConversationID+`","type":"meeting","name":"Release","startTime":"2026-03-01T10:00:00.000Z",`+
		`"endTime":"2026-03-01T10:00:09.500Z","members":[{"id":"m-1","name":"Ana","email":"ana@example.com"}],"metadata":{"b":"2","a":"1"}}`)
}

func (f *API) stored(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != ConversationID {
		answerError(w, http.StatusNotFound, "The conversationId is either invalid or does not exist.")
		return
	}
	_, _ = io.WriteString(w, f.Messages[0])
	if len(f.Messages) > 1 {
		f.Messages = f.Messages[1:]
	}
}
