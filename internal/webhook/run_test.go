package webhook

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// answers takes so long for its nth request, and answers it with that code; with
// 200 after that.
type answers struct {
	takes []time.Duration
	codes []int
	n     atomic.Int64
}

func (a *answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	n := int(a.n.Add(1)) - 1
	if n < len(a.takes) {
		select {
		case <-time.After(a.takes[n]):
		case <-r.Context().Done():
			return
		}
	}
	if n < len(a.codes) {
		w.WriteHeader(a.codes[n])
	}
}

// The events of a claim are sent one after the other and settled together, but
// for those that come after one that was not delivered, or took long.
func TestDrainSendsTheEventsOfAClaim(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name     string
		answers  *answers
		events   int
		runs     []int // events of each settlement
		outcomes []Outcome
	}{
		{"at once", &answers{}, 3, []int{3}, []Outcome{Delivered, Delivered, Delivered}},
		{"more than a claim has", &answers{}, 6, []int{4, 2}, slices.Repeat([]Outcome{Delivered}, 6)},
		{"a slow receiver", &answers{takes: slices.Repeat([]time.Duration{runTime/2 + time.Millisecond}, 4)}, 4, []int{2, 2}, slices.Repeat([]Outcome{Delivered}, 4)},
		{"a receiver that hesitates", &answers{takes: []time.Duration{time.Second}}, 3, []int{1, 2}, []Outcome{Delivered, Delivered, Delivered}},
		{"refused", &answers{codes: []int{200, 503}}, 3, []int{2}, []Outcome{Delivered, Retry}},
		{"given up", &answers{codes: []int{200, 410}}, 3, []int{2, 1}, []Outcome{Delivered, Dead, Delivered}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, DispatcherOptions{MaxTime: time.Minute}, tt.answers.ServeHTTP)
				b.lanes.run = 4
				b.lanes.put("a", tt.events)
				b.drain(t.Context(), t, false)
				var outcomes []Outcome
				for _, s := range b.lanes.settled {
					outcomes = append(outcomes, s.Outcome)
				}
				if !slices.Equal(b.lanes.runs, tt.runs) || !slices.Equal(outcomes, tt.outcomes) {
					t.Errorf("settled %v in runs of %v, want %v in runs of %v", outcomes, b.lanes.runs, tt.outcomes, tt.runs)
				}
				if n := int(tt.answers.n.Load()); n != len(tt.outcomes) {
					t.Errorf("the receiver had %d requests, want %d", n, len(tt.outcomes))
				}
			})
		})
	}
}

// An event that follows on another one in a claim is attempted for the first
// time, whatever befell the one before.
func TestDrainCountsTheAttemptsOfEachEvent(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		a := &answers{codes: []int{503, 200, 503}}
		b := newBench(t, DispatcherOptions{}, a.ServeHTTP)
		b.lanes.run = 2
		b.lanes.put("a", 2)
		for range 3 {
			b.drain(t.Context(), t, false)
			time.Sleep(time.Minute)
		}
		var numbers []int
		for _, s := range b.lanes.settled {
			numbers = append(numbers, s.Attempt.Number)
		}
		if want := []int{1, 2, 1, 2}; !slices.Equal(numbers, want) {
			t.Errorf("attempts have the numbers %v, want %v", numbers, want)
		}
	})
}

// At a shutdown no further event of a claim is sent, and what was delivered is
// written down: also if the attempt after it is broken off.
func TestDrainAtShutdownWithinAClaim(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name  string
		takes []time.Duration
	}{
		{"before the second event", []time.Duration{2 * time.Second}},
		{"while the second event is sent", []time.Duration{0, time.Minute}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				a := &answers{takes: tt.takes}
				b := newBench(t, DispatcherOptions{Grace: 5 * time.Second}, a.ServeHTTP)
				b.lanes.run = 3
				b.lanes.put("a", 3)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				b.drain(ctx, t, false)
				if l := b.lanes; !slices.Equal(l.runs, []int{1}) || l.released != 0 || l.lanes[0].claim != "" || len(l.lanes[0].events) != 2 || l.claims != 1 {
					t.Errorf("settled runs of %v, %d released, %d events left; want one event settled and the claim ended", l.runs, l.released, len(l.lanes[0].events))
				}
				if n := int(a.n.Load()); n != len(tt.takes) {
					t.Errorf("the receiver had %d requests, want %d", n, len(tt.takes))
				}
			})
		})
	}
}

// A claim is renewed as long as its events are sent. Once it is lost nothing of
// it is settled.
func TestDrainHoldsTheLeaseOfARun(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		a := &answers{takes: []time.Duration{10 * time.Millisecond, 14 * time.Second}}
		b := newBench(t, DispatcherOptions{Lease: 3 * time.Second}, a.ServeHTTP)
		b.lanes.run = 2
		b.lanes.put("slow", 2)
		b.drain(t.Context(), t, true)
		if b.lanes.renewals != 14 || b.meter.delivered != 2 {
			t.Errorf("got %d renewals and %d deliveries, want one renewal a second and 2", b.lanes.renewals, b.meter.delivered)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		a := &answers{takes: []time.Duration{0, time.Minute}}
		b := newBench(t, DispatcherOptions{Lease: 3 * time.Second}, a.ServeHTTP)
		b.lanes.run = 2
		b.lanes.put("stolen", 2)
		time.AfterFunc(1500*time.Millisecond, func() { b.lanes.steal(0) })
		b.drain(t.Context(), t, true)
		if b.meter.stale != 1 || len(b.lanes.settled) != 0 {
			t.Errorf("got %d stale and %d settled, want 1 and none", b.meter.stale, len(b.lanes.settled))
		}
	})
}

// An event of a claim that cannot be read is dead, and the others are sent.
func TestDrainGoesOnAfterAnUnreadableEventOfAClaim(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		a := &answers{}
		b := newBench(t, DispatcherOptions{}, a.ServeHTTP)
		b.lanes.run = 3
		b.lanes.put("a", 3)
		b.Dispatcher.lanes = &secondUnreadable{memoryLanes: b.lanes}
		b.drain(t.Context(), t, false)
		if !slices.Equal(b.lanes.runs, []int{2, 1}) || b.lanes.settled[1].Outcome != Dead || b.lanes.settled[2].Outcome != Delivered || a.n.Load() != 2 {
			t.Errorf("settled %+v in runs of %v, want the second event dead", b.lanes.settled, b.lanes.runs)
		}
	})
}

// secondUnreadable are lanes whose first claim has a second event that cannot be
// read.
type secondUnreadable struct{ *memoryLanes }

func (s *secondUnreadable) ClaimEvent(ctx context.Context, shard int) (*Claim, lane.Wake, error) {
	c, w, err := s.memoryLanes.ClaimEvent(ctx, shard)
	if c != nil {
		c.Then.Unreadable = errors.New("event has 1 field, want 3")
	}
	return c, w, err
}
