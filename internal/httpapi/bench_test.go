package httpapi_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
)

// The body of the benchmarks is the documents' own example: two messages of
// several sentences.
const example = `{
  "detectPhrases": "true",
  "messages": [
    {
      "payload": {"content": "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Who would be the best possible person to discuss internships and student recruitment at ABC Corp? Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance for your help, I really appreciate it!"},
      "from": {"userId": "natalia@example.com", "name": "Natalia"},
      "duration": {"startTime": "2020-07-21T16:02:19.01Z", "endTime": "2020-07-21T16:04:19.99Z"}
    },
    {
      "payload": {"content": "Hey Natalia, thanks for reaching out. I am connecting you with Steve who handles recruitments for us."},
      "from": {"userId": "mike@abccorp.com", "name": "Mike"},
      "duration": {"startTime": "2020-07-21T16:04:19.99Z", "endTime": "2020-07-21T16:04:20.99Z"}
    }
  ]
}`

// acceptingJobs accepts and forgets.
type acceptingJobs struct{ *httpapitest.Backend }

func (acceptingJobs) Submit(context.Context, jobs.Append) (jobs.Receipt, error) {
	return jobs.Receipt{ConversationID: httpapitest.ConversationID, JobID: httpapitest.JobID}, nil
}

func newAcceptingAPI() *httpapi.API {
	backend := httpapitest.NewBackend()
	deps := backend.Deps()
	deps.Jobs = acceptingJobs{backend}
	return httpapi.New(deps, slog.New(slog.DiscardHandler), httpapi.Options{})
}

// decodeOnly decodes the same body and answers, without a check of anything.
func decodeOnly(w http.ResponseWriter, r *http.Request) {
	var body struct {
		DetectPhrases string
		Messages      []struct {
			Payload  struct{ Content string }
			From     struct{ UserID, Name string }
			Duration struct{ StartTime, EndTime string }
		}
	}
	data, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(data, &body) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]string{"conversationId": httpapitest.ConversationID, "jobId": httpapitest.JobID})
}

func BenchmarkSubmit(b *testing.B)     { benchHandler(b, newAcceptingAPI()) }
func BenchmarkBareDecode(b *testing.B) { benchHandler(b, http.HandlerFunc(decodeOnly)) }

func benchHandler(b *testing.B, h http.Handler) {
	b.ReportAllocs()
	b.SetBytes(int64(len(example)))
	for b.Loop() {
		got := httptest.NewRecorder()
		if h.ServeHTTP(got, httpapitest.Request("PUT", "/v1/process/text/"+httpapitest.ConversationID, example)); got.Code != http.StatusCreated {
			b.Fatalf("status %d: %s", got.Code, got.Body)
		}
	}
}

// The same over loopback, with the server that production uses.
func BenchmarkSubmitOverTCP(b *testing.B) { benchServer(b, newAcceptingAPI().NewServer()) }

func BenchmarkBareDecodeOverTCP(b *testing.B) {
	benchServer(b, &http.Server{Handler: http.HandlerFunc(decodeOnly)})
}

func benchServer(b *testing.B, config *http.Server) {
	srv := httptest.NewUnstartedServer(nil)
	srv.Config = config
	srv.Start()
	defer srv.Close()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := http.NewRequest("PUT", srv.URL+"/v1/process/text/"+httpapitest.ConversationID, strings.NewReader(example))
			if err != nil {
				b.Error(err)
				return
			}
			r.Header.Set("Authorization", "Bearer ann")
			got, err := srv.Client().Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, got.Body)
			_ = got.Body.Close()
			if got.StatusCode != http.StatusCreated {
				b.Errorf("status %d", got.StatusCode)
				return
			}
		}
	})
}
