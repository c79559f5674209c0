package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/webhook"
)

const (
	eventLimit = 64 << 10 // bytes of a webhook's body
	memory     = 1 << 16  // events and jobs that are remembered
)

// receiver takes webhooks the way a receiver should: it verifies, drops what
// it has had, and checks that the events of each job come in order.
type receiver struct {
	secret webhook.Secret
	fail   int
	out    output

	mu     sync.Mutex // guards the following, and keeps the lines in order
	tries  *recent[int]
	last   *recent[int64] // sequence taken, by job
	taken  *recent[bool]  // by event id
	totals totals
}

// totals is what the summary says.
type totals struct{ taken, jobs, again, disordered, refused, unverified int }

func newReceiver(secret webhook.Secret, fail int, out output) *receiver {
	return &receiver{
		secret: secret,
		fail:   fail,
		out:    out,
		tries:  newRecent[int](memory),
		last:   newRecent[int64](memory),
		taken:  newRecent[bool](memory),
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
	w.WriteHeader(r.take(&got))
}

// read verifies an event. What it says is read even if it is forged, to be
// printed.
func (r *receiver) read(header http.Header, body []byte) arrival {
	now := time.Now()
	var event webhook.Payload
	malformed := json.Unmarshal(body, &event)
	forged := webhook.Verify([]webhook.Secret{r.secret}, header, body, now)
	got := arrival{
		At:             now.UTC(),
		EventID:        header.Get("Webhook-Id"),
		JobID:          event.JobID,
		ConversationID: event.ConversationID,
		Status:         event.Status,
		Sequence:       event.Sequence,
		Verified:       forged == nil,
	}
	switch {
	case forged != nil:
		got.Error = forged.Error()
	case malformed != nil:
		got.Error = fmt.Sprintf("the body is not an event: %v", malformed)
	}
	return got
}

// take judges an arrival, prints it, and returns the status of the answer.
func (r *receiver) take(got *arrival) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	got.Answer = r.judge(got)
	if err := r.out.arrival(got); err != nil {
		got.Answer = http.StatusInternalServerError // nobody has seen it
	}
	return got.Answer
}

// judge says what the answer is, and remembers what it takes.
func (r *receiver) judge(got *arrival) int {
	switch {
	case !got.Verified:
		r.totals.unverified++
		return http.StatusUnauthorized
	case got.Error != "":
		r.totals.refused++
		return http.StatusBadRequest
	}
	if tries, _ := r.tries.get(got.EventID); tries < r.fail {
		r.tries.put(got.EventID, tries+1)
		r.totals.refused++
		return http.StatusServiceUnavailable
	}
	last, known := r.last.get(got.JobID)
	if !known {
		r.totals.jobs++
	}
	if got.Again, _ = r.taken.get(got.EventID); got.Again {
		r.totals.again++
		return http.StatusNoContent
	}
	if got.Sequence != last+1 {
		got.Expected = last + 1
		r.totals.disordered++
	}
	r.totals.taken++
	r.taken.put(got.EventID, true)
	r.last.put(got.JobID, max(last, got.Sequence))
	return http.StatusNoContent
}

// summary says what has come.
func (r *receiver) summary() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.totals
	return fmt.Sprintf("%d events of %d jobs taken; %d came again, %d out of order, %d refused, %d with a wrong signature",
		t.taken, t.jobs, t.again, t.disordered, t.refused, t.unverified)
}

func (o output) arrival(got *arrival) error {
	if o.json {
		return o.document(got)
	}
	mark, how := "✓", good
	if !got.Verified {
		mark, how = "✗", bad
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
	if got.Answer >= http.StatusMultipleChoices {
		remark += fmt.Sprintf("  answered %d", got.Answer)
	}
	status := o.paint(fmt.Sprintf("%-11s", clean(got.Status)), moodOf(client.Status(got.Status)))
	return o.linef("%s  %s  %s  %d  %s%s", got.At.Format("15:04:05.000"), clean(got.JobID), status, got.Sequence, o.paint(mark, how), clean(remark))
}
