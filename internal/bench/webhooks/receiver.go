package webhooks

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// patience is how long nothing may come before what is missing counts as lost.
const patience = 30 * time.Second

// An arrival is a request with an event.
type arrival struct {
	job      string
	sequence int
	status   string
	path     string
	nth      int // how often the event has come, this time included
	replay   bool
	after    time.Duration // since the status changed
	at       time.Time
}

// A receiver takes webhooks at some addresses, and notes how they came.
type receiver struct {
	urls   []string
	server *http.Server
	answer func(arrival) (status, seconds int) // and Retry-After, if that is not 0
	takes  time.Duration                       // until it answers

	mu       sync.Mutex
	events   map[string]int  // requests, by the id of the event
	done     map[string]bool // those that were answered 2xx
	last     map[string]int  // sequence that came last, by job, and of replays by "replay "+job
	arrivals []arrival
	answered map[string]time.Time // when the last request was, by the id of the event
	retries  []time.Duration      // from an answer that asked for that to the next request
	wrong    int                  // events that came twice after 2xx, or out of order
	accepted int
	now, top int // requests at once
	more     chan struct{}
}

// newReceiver has a receiver listen at so many ports.
func newReceiver(ctx context.Context, ports int, answer func(arrival) (status, seconds int)) (*receiver, error) {
	r := &receiver{
		answer: answer, events: map[string]int{}, done: map[string]bool{}, last: map[string]int{},
		answered: map[string]time.Time{}, more: make(chan struct{}, 1),
	}
	r.server = &http.Server{Handler: r} //nolint:gosec // the worker alone calls it
	for range ports {
		var config net.ListenConfig
		l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			r.close()
			return nil, fmt.Errorf("listen for webhooks: %w", err)
		}
		go func() { _ = r.server.Serve(l) }() // ends with close
		r.urls = append(r.urls, "http://"+l.Addr().String()+"/")
	}
	return r, nil
}

func (r *receiver) close() { _ = r.server.Close() }

// taken is the answer of a receiver that is well.
func taken(arrival) (status, seconds int) { return http.StatusNoContent, 0 }

// ServeHTTP implements [http.Handler].
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	a := arrival{at: time.Now(), path: req.URL.Path, replay: req.Header.Get("Webhook-Replay") != ""}
	var event struct {
		JobID, Status string
		Sequence      int
		OccurredAt    time.Time
	}
	body, err := io.ReadAll(req.Body)
	if err != nil || json.Unmarshal(body, &event) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	a.job, a.sequence, a.status, a.after = event.JobID, event.Sequence, event.Status, max(a.at.Sub(event.OccurredAt), 0)
	id := req.Header.Get("Webhook-Id")
	status, seconds := r.take(&a, id)
	if r.takes > 0 {
		timer := time.NewTimer(r.takes)
		defer timer.Stop()
		<-timer.C
	}
	r.note(id, status)
	if seconds > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(seconds))
	}
	w.WriteHeader(status)
}

// take notes a request when it comes, and decides what it is answered.
func (r *receiver) take(a *arrival, id string) (status, seconds int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now++
	r.top = max(r.top, r.now)
	r.events[id]++
	a.nth = r.events[id]
	if before, ok := r.answered[id]; ok && !a.replay {
		r.retries = append(r.retries, a.at.Sub(before))
	}
	lane := a.job
	if a.replay {
		lane = "replay " + lane
	}
	if a.sequence < r.last[lane] || r.done[id] {
		r.wrong++
	}
	r.last[lane] = a.sequence
	r.arrivals = append(r.arrivals, *a)
	return r.answer(*a)
}

// note notes the answer to a request.
func (r *receiver) note(id string, status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now--
	if status < http.StatusMultipleChoices {
		r.done[id] = true
		r.accepted++
	} else {
		r.answered[id] = time.Now()
	}
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// wait waits until so many requests were answered 2xx, or until none came for some time.
func (r *receiver) wait(ctx context.Context, n int) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for r.count() < n {
		timer.Reset(patience)
		select {
		case <-r.more:
		case <-timer.C:
			return nil // the caller counts what is missing
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.accepted
}

// seen returns what has come so far, and what was wrong, and forgets it.
func (r *receiver) seen() (arrivals []arrival, wrong int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	arrivals, wrong = r.arrivals, r.wrong
	r.arrivals, r.wrong, r.accepted = nil, 0, 0
	return arrivals, wrong
}

// delays returns how long after its event each of the arrivals came, in order: of those
// with a status, or of all.
func delays(arrivals []arrival, status string) []time.Duration {
	var all []time.Duration
	for _, a := range arrivals {
		if a.nth == 1 && !a.replay && (status == "" || a.status == status) {
			all = append(all, a.after)
		}
	}
	slices.Sort(all)
	return all
}

// busiest returns how many arrivals at most fell into one second.
func busiest(arrivals []arrival) (most int) {
	from := 0
	for n, a := range arrivals {
		for a.at.Sub(arrivals[from].at) >= time.Second {
			from++
		}
		most = max(most, n-from+1)
	}
	return most
}
