package webhook

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// memoryLanes are deliver lanes in memory, all in one shard.
type memoryLanes struct {
	mu       sync.Mutex
	lanes    []*memoryLane
	claims   int
	renewals int
	released int
	run      int   // events of a claim at most; 1 if zero
	runs     []int // events of each settlement
	settled  []Settlement
	cut      []Settlement // that were cut short
	down     error        // what every step returns
	wake     lane.Wake
	held     []string // endpoints
	told     []string // probes
	rung     []int    // shards that are to be rung for after one
	probe    bool     // what is claimed is one
}

type memoryLane struct {
	events   []Event
	due      time.Time
	claim    string
	attempts int
	since    time.Time
}

// put adds a lane with n events of a job.
func (m *memoryLanes) put(job string, n int) {
	l := &memoryLane{due: time.Now()}
	for i := range n {
		e := event("http://receiver.test/")
		e.JobID, e.Sequence, e.OccurredAt = job, int64(i+1), time.Now()
		l.events = append(l.events, e)
	}
	m.lanes = append(m.lanes, l)
}

// steal gives a job's lane to another claim.
func (m *memoryLanes) steal(i int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lanes[i].claim = "somebody else"
}

func (m *memoryLanes) ClaimEvent(ctx context.Context, _ int) (*Claim, lane.Wake, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil {
		return nil, lane.Wake{}, m.down
	}
	return m.claimNext(), m.wake, ctx.Err()
}

func (m *memoryLanes) claimNext() *Claim {
	var first *memoryLane
	for _, l := range m.lanes {
		ready := len(l.events) > 0 && l.claim == "" && !l.due.After(time.Now())
		if ready && (first == nil || l.due.Before(first.due)) {
			first = l
		}
	}
	if first == nil {
		return nil
	}
	m.claims++
	first.claim = strconv.Itoa(m.claims)
	first.attempts++
	c := &Claim{Event: first.events[0], Since: first.since, Due: first.due, Probe: m.probe}
	c.Claim = lane.Claim{Kind: lane.Deliver, Key: c.Event.JobID, ID: first.claim, Attempt: first.attempts}
	last := c
	for n := 1; n < min(m.run, len(first.events)); n++ {
		last.Then = &Claim{Claim: c.Claim, Event: first.events[n]}
		last = last.Then
		last.Attempt = 1
	}
	if first.since.IsZero() {
		first.since = time.Now()
	}
	return c
}

func (m *memoryLanes) SettleEvents(ctx context.Context, c *Claim, run []Settlement, next bool) (*Claim, lane.Wake, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.owned(c.Claim)
	if l == nil {
		return nil, lane.Wake{}, lane.ErrStale
	}
	l.claim = ""
	if last := len(run) - 1; run[last].Outcome == CutShort {
		m.cut, run = append(m.cut, run[last]), run[:last]
		if last == 0 {
			m.released++
			l.attempts--
			return nil, m.wake, ctx.Err()
		}
	}
	m.settled, m.runs = append(m.settled, run...), append(m.runs, len(run))
	for n, s := range run {
		l.due = time.Now().Add(s.Delay)
		if s.Outcome != Retry {
			l.events, l.attempts, l.since = l.events[1:], 0, time.Time{}
		} else if n > 0 {
			l.attempts, l.since = 1, time.Now()
		}
	}
	if !next {
		return nil, m.wake, ctx.Err()
	}
	return m.claimNext(), m.wake, ctx.Err()
}

func (m *memoryLanes) HoldEndpoint(_ context.Context, account string, e Endpoint, known int, hold time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held = append(m.held, fmt.Sprintf("%s %s but in %d for %v", account, e.Origin, known, hold))
	return nil
}

func (m *memoryLanes) TellProbe(_ context.Context, account string, e Endpoint, made int, answered bool, later time.Duration) ([]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.told = append(m.told, fmt.Sprintf("%s %s but %d, answered %t, later %v", account, e.Origin, made, answered, later))
	return m.rung, nil
}

func (m *memoryLanes) Renew(ctx context.Context, c lane.Claim) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.renewals++
	if m.owned(c) == nil {
		return lane.ErrStale
	}
	return ctx.Err()
}

func (m *memoryLanes) Release(ctx context.Context, c lane.Claim) (lane.Wake, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.owned(c)
	if l == nil {
		return lane.Wake{}, lane.ErrStale
	}
	m.released++
	l.claim = ""
	l.attempts--
	return m.wake, ctx.Err()
}

// owned returns the lane that c still holds.
func (m *memoryLanes) owned(c lane.Claim) *memoryLane {
	for _, l := range m.lanes {
		if l.claim == c.ID {
			return l
		}
	}
	return nil
}

// newPipeSender returns a Sender that reaches h, whatever the URL, without a
// socket, so that the clock of a bubble can move.
func newPipeSender(t *testing.T, h http.HandlerFunc) *Sender {
	t.Helper()
	listener := pipeListener{make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: h}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	sender := newSender(t, SenderOptions{})
	sender.transport.DialContext = listener.dial
	t.Cleanup(func() { sender.Close(); _ = server.Close(); <-done })
	return sender
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.conns <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l pipeListener) Close() error   { close(l.closed); return nil }
func (l pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }
