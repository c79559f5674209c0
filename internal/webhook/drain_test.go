package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// A Dispatcher and a Sender without a meter and a log, or any other option,
// work.
func TestZeroOptionsWork(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		lanes := &memoryLanes{}
		sender := newPipeSender(t, answer(http.StatusOK))
		secrets := sender.secrets
		sender.secrets = fixed(func(string) []Secret { return nil })
		d := NewDispatcher(&damaged{memoryLanes: lanes}, sender, &countingBell{}, DispatcherOptions{})
		lanes.put("a", 2)
		if _, err := d.Drain(t.Context(), 0); err != nil {
			t.Errorf("Drain: %v", err)
		}
		sender.secrets = secrets
		time.Sleep(time.Minute)
		if _, err := d.Drain(t.Context(), 0); err != nil || len(lanes.settled) != 3 || lanes.settled[2].Outcome != Delivered {
			t.Errorf("Drain: %v with %+v, want an event that was dead, one held back, then delivered", err, lanes.settled)
		}
	})
}

// At a shutdown an attempt has ten seconds, and the lease of five is renewed,
// unless the options say otherwise.
func TestDrainDefaults(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{}, answerAfter(time.Minute, http.StatusOK))
		b.lanes.put("a", 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		b.drain(ctx, t, false)
		if took := time.Since(began); took != 11*time.Second || b.lanes.renewals != 6 {
			t.Errorf("ended after %v with %d renewals, want 11s and one each 5/3 s, 6", took, b.lanes.renewals)
		}
	})
}

// A lease is renewed while its own attempt lasts, no longer.
func TestDrainLetsGoOfTheLease(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{Lease: 3 * time.Second, MaxTime: time.Minute}, answerAfter(1500*time.Millisecond, http.StatusOK))
		b.lanes.put("a", 4)
		b.drain(t.Context(), t, false)
		time.Sleep(time.Minute)
		synctest.Wait()
		if b.lanes.renewals != 4 || b.meter.delivered != 4 {
			t.Errorf("got %d renewals and %d deliveries, want 4 and 4", b.lanes.renewals, b.meter.delivered)
		}
	})
}

// A receiver that has answered is heard, though the grace ends in the middle of
// the rest of its answer.
func TestDrainHearsWhoHasAnswered(t *testing.T) {
	t.Parallel()

	for code, want := range map[int]Outcome{http.StatusOK: Delivered, http.StatusServiceUnavailable: Retry, http.StatusGone: Dead} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, DispatcherOptions{Grace: 5 * time.Second}, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				time.Sleep(5500 * time.Millisecond)
				w.WriteHeader(code)
				_ = http.NewResponseController(w).Flush()
				<-r.Context().Done()
			})
			b.lanes.put("a", 1)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			began := time.Now()
			b.drain(ctx, t, false)
			if took := time.Since(began); took != 6*time.Second || b.lanes.released != 0 || len(b.lanes.settled) != 1 || b.lanes.settled[0].Outcome != want {
				t.Errorf("%d: ended after %v with %+v and %d released, want 6s, %s and 0", code, took, b.lanes.settled, b.lanes.released, want)
			}
		})
	}
}

// stopping are lanes that end a context as soon as they have granted so many
// claims.
type stopping struct {
	*memoryLanes
	stop  context.CancelFunc
	after int
}

func (s *stopping) ClaimEvent(ctx context.Context, shard int) (*Claim, lane.Wake, error) {
	c, wake, err := s.memoryLanes.ClaimEvent(ctx, shard)
	s.granted()
	return c, wake, err
}

func (s *stopping) SettleEvents(ctx context.Context, c *Claim, run []Settlement, next bool) (*Claim, lane.Wake, error) {
	following, wake, err := s.memoryLanes.SettleEvents(ctx, c, run, next)
	s.granted()
	return following, wake, err
}

func (s *stopping) granted() {
	if s.claims == s.after {
		s.stop()
	}
}

// A claim that is granted just when the drain is to end is given back, and its
// event not sent.
func TestDrainGivesBackWhatItDoesNotBegin(t *testing.T) {
	t.Parallel()

	for _, after := range []int{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			requests := 0
			b := newBench(t, DispatcherOptions{}, func(http.ResponseWriter, *http.Request) { requests++ })
			ctx, stop := context.WithCancel(t.Context())
			b.Dispatcher.lanes = &stopping{b.lanes, stop, after}
			b.lanes.put("a", 3)
			b.drain(ctx, t, false)
			if requests != after-1 || b.lanes.released != 1 || b.lanes.lanes[0].claim != "" || b.lanes.lanes[0].attempts != 0 {
				t.Errorf("got %d requests and %d claims given back, want %d and 1", requests, b.lanes.released, after-1)
			}
		})
	}
}

// A claim that is lost while the process stops is for another process.
func TestDrainThatLosesItsClaimAtTheEnd(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{Lease: 3 * time.Second}, answerAfter(time.Minute, http.StatusOK))
		b.lanes.put("a", 1)
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, func() { b.lanes.steal(0); stop() })
		b.drain(ctx, t, false)
		if b.meter.stale != 1 {
			t.Errorf("got %d stale, want 1", b.meter.stale)
		}
	})
}

// unsettled are lanes whose claims cannot be ended.
type unsettled struct{ *memoryLanes }

var errAway = errors.New("away")

func (unsettled) SettleEvents(context.Context, *Claim, []Settlement, bool) (*Claim, lane.Wake, error) {
	return nil, lane.Wake{}, errAway
}

func (unsettled) Release(context.Context, lane.Claim) (lane.Wake, error) {
	return lane.Wake{}, errAway
}

// A step that fails is an error, which names the event, and the end of the
// drain.
func TestDrainWhoseStepFails(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name  string
		takes time.Duration // the receiver
		want  string
	}{
		{"the settlement", 0, "settle event a_1_"},
		{"the release", time.Minute, "settle event a_1_"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, DispatcherOptions{MaxEvents: 1}, answerAfter(tt.takes, http.StatusOK))
				b.Dispatcher.lanes = unsettled{b.lanes}
				b.lanes.put("a", 1)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if more, err := b.Drain(ctx, 0); more || !errors.Is(err, errAway) || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("Drain = %t, %v; want false and an error that begins with %q", more, err, tt.want)
				}
			})
		})
	}
}

// undated are lanes that do not say since when a claim is due.
type undated struct{ *memoryLanes }

func (u undated) ClaimEvent(ctx context.Context, shard int) (*Claim, lane.Wake, error) {
	c, wake, err := u.memoryLanes.ClaimEvent(ctx, shard)
	c.Due = time.Time{}
	return c, wake, err
}

func TestDrainMeasuresNoLagWithoutADueTime(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{MaxEvents: 1}, answer(http.StatusOK))
		b.Dispatcher.lanes = undated{b.lanes}
		b.lanes.put("a", 1)
		b.drain(t.Context(), t, true)
		if b.meter.late != 0 || b.meter.delivered != 1 {
			t.Errorf("got a lag of %v and %d deliveries, want none and 1", b.meter.late, b.meter.delivered)
		}
	})
}

// How long an attempt took is counted and logged; a success only for
// debugging.
func TestDrainTellsHowLongAnAttemptTook(t *testing.T) {
	t.Parallel()

	for code, level := range map[int]slog.Level{http.StatusOK: slog.LevelDebug, http.StatusServiceUnavailable: slog.LevelInfo} {
		synctest.Test(t, func(t *testing.T) {
			const takes = 1200 * time.Millisecond
			b := newBench(t, DispatcherOptions{MaxEvents: 1}, answerAfter(takes, code))
			b.lanes.put("a", 1)
			b.drain(t.Context(), t, true)
			var line struct {
				Level   slog.Level
				Took    time.Duration
				Address string
			}
			if err := json.Unmarshal(b.log.Bytes(), &line); err != nil {
				t.Fatalf("log %q: %v", b.log, err)
			}
			if b.meter.took != takes || line.Took != takes || line.Level != level || line.Address != "pipe" {
				t.Errorf("%d: counted %v, logged %+v; want %v for both, at level %v, and the address", code, b.meter.took, line, takes, level)
			}
		})
	}
}
