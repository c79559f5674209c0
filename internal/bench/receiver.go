package bench

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// A receiver takes webhooks and counts what is wrong with them.
type receiver struct {
	tally

	mu   sync.Mutex
	last map[string]int // sequence of the last event of each job
	got  received
}

// received is what a receiver counts.
type received struct {
	Events     int // that came
	OutOfOrder int // not one above the one before: late, doubled or after a gap
}

func newReceiver() *receiver { return &receiver{last: map[string]int{}} }

// The receiver's paths: for webhooks, and for the bench to wait for as many as
// its query says.
const (
	hookPath  = "/hook"
	countPath = "/count"
)

// ServeHTTP implements [http.Handler].
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path == hookPath {
		r.take(req.Header.Get("Webhook-Id"))
		return
	}
	n, err := strconv.Atoi(req.URL.Query().Get("events"))
	if err == nil {
		err = r.wait(req.Context(), n)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = json.NewEncoder(w).Encode(r.got) // the bench notices
}

// take counts an event by its id, which is the job, the sequence and more,
// separated by underscores.
func (r *receiver) take(id string) {
	job, rest, _ := strings.Cut(id, "_")
	sequence, _, _ := strings.Cut(rest, "_")
	n, err := strconv.Atoi(sequence)
	r.mu.Lock()
	r.got.Events++
	if err != nil || n != r.last[job]+1 {
		r.got.OutOfOrder++
	}
	r.last[job] = max(r.last[job], n)
	r.mu.Unlock()
	r.add()
}
