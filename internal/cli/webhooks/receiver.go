package webhooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cache"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/webhookverify"
)

const (
	eventLimit = 64 << 10 // bytes of a webhook's body
	remembered = 1 << 16  // events and jobs
)

// receiver is a handler of webhooks. It verifies each one, does not count an
// event twice, and checks that the events of a job come in order.
type receiver struct {
	verifier *webhookverify.Verifier
	fail     int
	onward   *forwarder // nil if events go no further
	out      output.Printer

	mu       sync.Mutex // guards the following, and the order of the lines
	tries    *cache.LRU[string, int]
	last     *cache.LRU[string, int64] // highest sequence accepted, by job
	accepted *cache.LRU[string, bool]  // by event id
	totals   totals
}

// totals are the counts of the summary.
type totals struct{ accepted, jobs, again, disordered, refused, unverified int }

func newReceiver(verifier *webhookverify.Verifier, fail int, out output.Printer) *receiver {
	return &receiver{
		verifier: verifier,
		fail:     fail,
		out:      out,
		tries:    cache.NewLRU[string, int](remembered),
		last:     cache.NewLRU[string, int64](remembered),
		accepted: cache.NewLRU[string, bool](remembered),
	}
}

// arrival is one request of a sender, as it is printed for programs.
type arrival struct {
	At             time.Time `json:"at"`
	EventID        string    `json:"eventId"`
	JobID          string    `json:"jobId"`
	ConversationID string    `json:"conversationId"`
	Status         string    `json:"status"`
	Sequence       int64     `json:"sequence"`
	Verified       bool      `json:"verified"`
	Again          bool      `json:"again"`
	Expected       int64     `json:"expected,omitempty"` // the sequence that was due, if another came
	Answer         int       `json:"answer"`
	Error          string    `json:"error,omitempty"`

	Forwarded *forwarded `json:"forwarded,omitempty"` // what the receiver behind this one did
}

// ServeHTTP implements [http.Handler].
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "This is a webhook receiver: it takes POST.", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, eventLimit))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		http.Error(w, "The body is too large for an event.", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, "The body could not be read.", http.StatusBadRequest)
		return
	}
	got := r.read(req.Header, body)
	got.Answer = r.admit(&got)
	if got.Answer == 0 && r.onward != nil {
		got.Forwarded = r.onward.send(req.Context(), w.Header(), req.Header, body)
	}
	w.WriteHeader(r.accept(&got))
}

// read verifies an event. The body of a forged one is read too, to be printed.
func (r *receiver) read(header http.Header, body []byte) arrival {
	now := time.Now()
	var event webhook.Payload
	malformed := json.Unmarshal(body, &event)
	_, refused := r.verifier.Verify(header, body)
	forged := errors.Is(refused, webhookverify.ErrUnverified)
	got := arrival{
		At:             now.UTC(),
		EventID:        header.Get("Webhook-Id"),
		JobID:          event.JobID,
		ConversationID: event.ConversationID,
		Status:         event.Status,
		Sequence:       event.Sequence,
		Verified:       !forged,
	}
	switch {
	case forged:
		got.Error = strings.TrimPrefix(refused.Error(), webhookverify.ErrUnverified.Error()+": ")
	case malformed != nil:
		got.Error = fmt.Sprintf("the body is not an event: %v", malformed)
	case refused != nil:
		got.Error = refused.Error()
	}
	return got
}

// admit returns the status of the response to what goes no further: what is not
// verified, and the attempts that are to fail. It returns 0 for the rest.
func (r *receiver) admit(got *arrival) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !got.Verified:
		r.totals.unverified++
		return http.StatusUnauthorized
	case got.Error != "":
		r.totals.refused++
		return http.StatusBadRequest
	}
	if tries, _ := r.tries.Get(got.EventID); tries < r.fail {
		r.tries.Put(got.EventID, tries+1, 1)
		r.totals.refused++
		return http.StatusServiceUnavailable
	}
	return 0
}

// accept counts an arrival, prints it, and returns the status of the response.
func (r *receiver) accept(got *arrival) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if got.Answer == 0 {
		got.Answer = r.count(got)
	}
	if err := printArrival(r.out, got); err != nil {
		got.Answer = http.StatusInternalServerError // it was not printed, so it must come again
	}
	return got.Answer
}

// count adds an arrival that was admitted to the totals and returns the status of
// the response.
func (r *receiver) count(got *arrival) int {
	answer := http.StatusNoContent
	if got.Forwarded != nil {
		answer = got.Forwarded.Status
	}
	last, known := r.last.Get(got.JobID)
	if !known {
		r.totals.jobs++
	}
	if got.Again, _ = r.accepted.Get(got.EventID); got.Again {
		r.totals.again++
		return answer
	}
	if got.Sequence != last+1 {
		got.Expected = last + 1
		r.totals.disordered++
	}
	if answer >= http.StatusMultipleChoices {
		r.totals.refused++
		return answer
	}
	r.totals.accepted++
	r.accepted.Put(got.EventID, true, 1)
	r.last.Put(got.JobID, max(last, got.Sequence), 1)
	return answer
}

// summary returns the totals as a sentence.
func (r *receiver) summary() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.totals
	return fmt.Sprintf("%d events of %d jobs taken; %d came again, %d out of order, %d refused, %d with a wrong signature",
		t.accepted, t.jobs, t.again, t.disordered, t.refused, t.unverified)
}

func printArrival(p output.Printer, got *arrival) error {
	if p.JSON {
		return p.Document(got)
	}
	mark, colour := "✓", output.Green
	if !got.Verified {
		mark, colour = "✗", output.Red
	}
	remark := ""
	switch {
	case got.Error != "":
		remark = "  " + got.Error
	case got.Again:
		remark = "  again"
	case got.Expected != 0:
		remark = fmt.Sprintf("  out of order, expected %d", got.Expected)
	}
	switch {
	case got.Forwarded != nil:
		remark += got.Forwarded.remark()
	case got.Answer >= http.StatusMultipleChoices:
		remark += fmt.Sprintf("  answered %d", got.Answer)
	}
	status := p.Status(client.Status(got.Status))
	return p.Linef("%s  %s  %s  %d  %s%s", got.At.Format("15:04:05.000"), output.Clean(got.JobID), status, got.Sequence, p.Paint(mark, colour), output.Clean(remark))
}
