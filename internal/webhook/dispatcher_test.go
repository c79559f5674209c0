package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// A bench is a Dispatcher with everything around it that a test looks at.
type bench struct {
	*Dispatcher

	lanes *memoryLanes
	bell  *countingBell
	meter *countingMeter
	log   *bytes.Buffer
}

func newBench(t *testing.T, opts DispatcherOptions, h http.HandlerFunc) *bench {
	t.Helper()
	b := &bench{lanes: &memoryLanes{}, bell: &countingBell{}, meter: &countingMeter{outcomes: map[Outcome]int{}}, log: &bytes.Buffer{}}
	opts.Meter = b.meter
	opts.Log = slog.New(slog.NewJSONHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	b.Dispatcher = NewDispatcher(b.lanes, newPipeSender(t, h), b.bell, opts)
	return b
}

type countingBell struct{ rings []lane.Wake }

func (b *countingBell) Ring(_ context.Context, _ int, w lane.Wake) { b.rings = append(b.rings, w) }

type countingMeter struct {
	outcomes          map[Outcome]int
	granted, empty    int
	stale, delivered  int
	withheld, mended  int
	asked             int
	late, sinceChange time.Duration
	took              time.Duration // of the last attempt
}

func (m *countingMeter) Claimed(_ lane.Kind, granted bool) {
	if granted {
		m.granted++
	} else {
		m.empty++
	}
}
func (m *countingMeter) StaleRefused(lane.Kind)        { m.stale++ }
func (m *countingMeter) LaneMended(lane.Kind)          { m.mended++ }
func (m *countingMeter) WebhookWithheld()              { m.withheld++ }
func (m *countingMeter) AccountAsked(string)           { m.asked++ }
func (m *countingMeter) WebhookLag(late time.Duration) { m.late = max(m.late, late) }

func (m *countingMeter) WebhookAttempted(a Attempt) {
	m.outcomes[a.Outcome]++
	m.took = time.Duration(a.Total * float64(time.Millisecond))
}

func (m *countingMeter) WebhookDelivered(since time.Duration) {
	m.delivered++
	m.sinceChange = max(m.sinceChange, since)
}

// drain calls Drain and fails the test unless it returns more and no error.
func (b *bench) drain(ctx context.Context, t *testing.T, more bool) {
	t.Helper()
	got, err := b.Drain(ctx, 0)
	if got != more || err != nil {
		t.Errorf("Drain = %t, %v; want %t, nil", got, err, more)
	}
}

func answer(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(code)
	}
}

// answerAfter waits first, or until the sender has had enough.
func answerAfter(d time.Duration, code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-time.After(d):
			w.WriteHeader(code)
		case <-r.Context().Done():
		}
	}
}

func TestDrainKeepsTheOrderOfAJobOverRetries(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		got := map[string][]int64{}
		failures := map[string]int{}
		b := newBench(t, DispatcherOptions{}, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			var p Payload
			if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
				t.Errorf("body: %v", err)
			}
			id := r.Header.Get("webhook-id")
			if p.JobID != "healthy" && failures[id] < int(p.Sequence) { // the nth event fails n times
				failures[id]++
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			got[p.JobID] = append(got[p.JobID], p.Sequence)
		})
		b.lanes.put("failing", 3)
		b.lanes.put("healthy", 3)
		b.drain(t.Context(), t, false)
		if len(got["healthy"]) != 3 || len(got["failing"]) != 0 {
			t.Errorf("got %v, want the healthy job's events not to wait for the other's", got)
		}
		for range 10 {
			time.Sleep(time.Minute)
			b.drain(t.Context(), t, false)
		}
		for job, sequences := range got {
			if len(sequences) != 3 || sequences[0] != 1 || sequences[1] != 2 || sequences[2] != 3 {
				t.Errorf("job %s: got %v, want 1 2 3", job, sequences)
			}
		}
		if m := b.meter; m.outcomes[Retry] != 6 || m.outcomes[Delivered] != 6 || m.granted != 12 || m.empty != 11 || m.late == 0 || m.sinceChange == 0 {
			t.Errorf("got %+v, want 6 retries, 6 deliveries, 12 claims and their times", m)
		}
	})
}

func TestDrainHasItsShare(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{}, answer(http.StatusOK))
		b.lanes.put("a", 100)
		b.drain(t.Context(), t, true)
		if n := len(b.lanes.settled); n != 64 {
			t.Errorf("one Drain settled %d events, want 64", n)
		}
		if b.lanes.lanes[0].claim != "" {
			t.Error("the lane is still claimed")
		}
		if b.meter.granted != 64 || b.meter.empty != 0 {
			t.Errorf("got %d claims and %d that found nothing, want 64 and none, since the last step asks for no claim", b.meter.granted, b.meter.empty)
		}
		b.drain(t.Context(), t, false)
		if n := len(b.lanes.settled); n != 100 {
			t.Errorf("two settled %d, want 100", n)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{}, answerAfter(100*time.Millisecond, http.StatusOK))
		b.lanes.put("a", 10)
		b.drain(t.Context(), t, true)
		if n := len(b.lanes.settled); n != 3 {
			t.Errorf("a Drain of 250ms settled %d events of 100ms each, want 3", n)
		}
	})
}

func TestDrainHoldsTheLease(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{Lease: 3 * time.Second}, answerAfter(14*time.Second, http.StatusOK))
		b.lanes.put("slow", 1)
		b.drain(t.Context(), t, true)
		if b.lanes.renewals != 13 && b.lanes.renewals != 14 || b.meter.delivered != 1 {
			t.Errorf("got %d renewals and %d deliveries in 14s, want one renewal a second and 1", b.lanes.renewals, b.meter.delivered)
		}
	})
}

func TestDrainGivesUpALostClaim(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) { // lost while the receiver thinks
		b := newBench(t, DispatcherOptions{Lease: 3 * time.Second}, answerAfter(time.Minute, http.StatusOK))
		b.lanes.put("stolen", 1)
		time.AfterFunc(1500*time.Millisecond, func() { b.lanes.steal(0) })
		began := time.Now()
		b.drain(t.Context(), t, true)
		if took := time.Since(began); took != 2*time.Second || b.meter.stale != 1 || len(b.lanes.settled) != 0 || b.lanes.released != 0 {
			t.Errorf("ended after %s, %d stale, %d settled, %d released; want 2s, 1, 0, 0", took, b.meter.stale, len(b.lanes.settled), b.lanes.released)
		}
	})
	synctest.Test(t, func(t *testing.T) { // lost before the settlement
		var b *bench
		b = newBench(t, DispatcherOptions{}, func(http.ResponseWriter, *http.Request) { b.lanes.steal(0) })
		b.lanes.put("stolen", 1)
		b.drain(t.Context(), t, true)
		if b.meter.stale != 1 || len(b.lanes.settled) != 0 {
			t.Errorf("got %d stale, %d settled; want 1, 0", b.meter.stale, len(b.lanes.settled))
		}
	})
}

func TestDrainAtShutdown(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) { // the attempt under way ends in time
		b := newBench(t, DispatcherOptions{MaxTime: time.Minute}, answerAfter(8*time.Second, http.StatusOK))
		b.lanes.put("a", 2)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		b.drain(ctx, t, false)
		if len(b.lanes.settled) != 1 || b.lanes.settled[0].Outcome != Delivered || b.lanes.claims != 1 || b.lanes.lanes[0].claim != "" {
			t.Errorf("got %+v and %d claims, want one event delivered and the next left alone", b.lanes.settled, b.lanes.claims)
		}
		b.drain(ctx, t, false)
		if b.lanes.claims != 1 {
			t.Error("a Drain after the shutdown claimed something")
		}
	})
	synctest.Test(t, func(t *testing.T) { // it does not
		b := newBench(t, DispatcherOptions{Grace: 5 * time.Second}, answerAfter(time.Minute, http.StatusOK))
		b.lanes.put("a", 1)
		b.lanes.wake = lane.Wake{Deliver: true}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		b.drain(ctx, t, false)
		if took := time.Since(began); took != 6*time.Second || b.lanes.released != 1 || len(b.lanes.settled) != 0 || b.lanes.lanes[0].attempts != 0 {
			t.Errorf("ended after %s, %d released, %d settled, %d attempts counted; want 6s, 1, 0, 0",
				took, b.lanes.released, len(b.lanes.settled), b.lanes.lanes[0].attempts)
		}
		if len(b.bell.rings) != 2 {
			t.Errorf("got %d rings, want one for the claim and one for the release", len(b.bell.rings))
		}
		const want = "the attempt was interrupted while waiting for the answer"
		if len(b.lanes.cut) != 1 || b.lanes.cut[0].Attempt.Outcome != CutShort || b.lanes.cut[0].Attempt.Number != 1 || b.lanes.cut[0].Attempt.Error != want {
			t.Errorf("recorded %+v, want the attempt as cut short", b.lanes.cut)
		}
	})
}

func TestDrainEndsAnEventAfterItsTime(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		last := time.Duration(0)
		b := newBench(t, DispatcherOptions{}, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.Header.Get("webhook-id"), "a_1_") {
				last = time.Since(began)
				w.WriteHeader(http.StatusInternalServerError)
			}
		})
		b.lanes.put("a", 2)
		for range 80 * 60 {
			b.drain(t.Context(), t, false)
			time.Sleep(time.Minute)
		}
		if n := b.meter.outcomes; n[Dead] != 1 || n[Delivered] != 1 || n[Retry] < 15 || n[Retry] > 40 {
			t.Errorf("got %v, want one event dead after a few tens of attempts and the next delivered", n)
		}
		longest := time.Duration(0)
		for _, s := range b.lanes.settled {
			longest = max(longest, s.Delay)
		}
		if longest <= 5*time.Hour || longest > 6*time.Hour {
			t.Errorf("the longest wait was %s, want about 6h", longest)
		}
		if last < 72*time.Hour || last > 72*time.Hour+time.Minute {
			t.Errorf("the last attempt was after %s, want it at 72h, but for the minute between drains", last)
		}
	})
}

func TestDrainHeedsRetryAfter(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		})
		b.lanes.put("a", 1)
		b.drain(t.Context(), t, false)
		if s := b.lanes.settled[0]; s.Outcome != Retry || s.Delay != time.Hour {
			t.Errorf("got %s after %s, want retry after an hour", s.Outcome, s.Delay)
		}
	})
}

func TestDrainRingsForWhatBecameDue(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{}, answer(http.StatusOK))
		b.lanes.put("a", 1)
		b.drain(t.Context(), t, false)
		if len(b.bell.rings) != 0 {
			t.Errorf("got rings %v, want none", b.bell.rings)
		}
		b.lanes.put("b", 1)
		b.lanes.wake = lane.Wake{Append: true}
		b.drain(t.Context(), t, false)
		if len(b.bell.rings) != 2 || b.bell.rings[1] != b.lanes.wake {
			t.Errorf("got rings %v, want %v for the claim and for the settlement", b.bell.rings, b.lanes.wake)
		}
	})
}

func TestDrainReportsThatTheLanesAreAway(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{}, answer(http.StatusOK))
		b.lanes.down = errors.New("away")
		if more, err := b.Drain(t.Context(), 7); more || !errors.Is(err, b.lanes.down) || !strings.Contains(err.Error(), "shard 7") {
			t.Errorf("Drain = %t, %v; want false and the error, with the shard", more, err)
		}
	})
}

func TestDrainLogsOneLinePerAttempt(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{}, answer(http.StatusServiceUnavailable))
		b.lanes.put("a", 1)
		b.drain(t.Context(), t, false)
		var line map[string]any
		if err := json.Unmarshal(b.log.Bytes(), &line); err != nil {
			t.Fatalf("log %q: %v", b.log, err)
		}
		for key, want := range map[string]any{
			"level": "INFO", "msg": "webhook attempted", "account": "acme", "job": "a", "event": b.lanes.settled[0].Attempt.EventID, "status": "completed",
			"attempt": 1.0, "outcome": "retry", "code": 503.0, "err": "the receiver answered 503 Service Unavailable",
		} {
			if line[key] != want {
				t.Errorf("got %s = %v, want %v", key, line[key], want)
			}
		}
		if delay, ok := line["next_delay"].(float64); !ok || delay < 4e9 {
			t.Errorf("got next_delay %v, want 4s or more", line["next_delay"])
		}
	})
}

// damaged are lanes of which the first is incomplete in the store, and then one
// holds an event that cannot be read.
type damaged struct {
	*memoryLanes

	claims int
}

func (d *damaged) ClaimEvent(ctx context.Context, shard int) (*Claim, lane.Wake, error) {
	if d.claims++; d.claims == 1 {
		return nil, lane.Wake{Deliver: true}, &lane.MendedError{Lane: "acme:gone"}
	}
	c, wake, err := d.memoryLanes.ClaimEvent(ctx, shard)
	if c != nil && d.claims == 2 {
		c.Unreadable = errors.New("event has 1 field, want 3")
	}
	return c, wake, err
}

func TestDrainGoesOnAfterWhatCannotBeRead(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{}, answer(http.StatusNoContent))
		b.Dispatcher.lanes = &damaged{memoryLanes: b.lanes}
		b.lanes.put("job", 2)
		b.drain(t.Context(), t, false)
		if len(b.lanes.settled) != 2 || b.lanes.settled[0].Outcome != Dead || b.lanes.settled[1].Outcome != Delivered {
			t.Fatalf("settled %+v, want the first event dead and the second delivered", b.lanes.settled)
		}
		if got := b.lanes.settled[0].Attempt.Error; got != "what is stored of the event cannot be read" {
			t.Errorf("the attempt says %q", got)
		}
		for _, want := range []string{`"level":"ERROR","msg":"lane mended","lane":"acme:gone","shard":0`, `"level":"ERROR","msg":"event unreadable","job":"job"`} {
			if strings.Count(b.log.String(), want) != 1 {
				t.Errorf("want one line %s in\n%s", want, b.log)
			}
		}
		if b.meter.mended != 1 || len(b.bell.rings) == 0 {
			t.Errorf("%d lanes mended, %d rings; want one, and its ring", b.meter.mended, len(b.bell.rings))
		}
	})
}

// The policy of the account goes with an event that is given up, and with no other.
func TestGapGoesWithADeadEvent(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		gaps := func(account string) GapPolicy { return map[string]GapPolicy{"": Latest}[account] }
		answers := []int{http.StatusGone, http.StatusNoContent}
		b := newBench(t, DispatcherOptions{Gaps: gaps}, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(answers[0])
			answers = answers[1:]
		})
		b.lanes.put("one", 2)
		b.drain(t.Context(), t, false)
		if s := b.lanes.settled; len(s) != 2 || s[0].Gap != Latest || s[0].Class != ClassAborted || s[1].Gap != "" || s[1].Health != Fast {
			t.Errorf("settled %+v, want the policy with the first one only", s)
		}
	})
}

// How a probe ended is told to the other shards, once for those that end together.
func TestProbeIsToldToAllShards(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		name   string
		probe  bool
		status int
		want   []string
	}{
		{"answered", true, http.StatusNoContent, []string{" http://receiver.test:80 but 0, answered true, later 1m16s"}},
		{"refused", true, http.StatusNotFound, []string{" http://receiver.test:80 but 0, answered true, later 1m16s"}},
		{"failed", true, http.StatusServiceUnavailable, []string{" http://receiver.test:80 but 0, answered false, later 1m16s"}},
		{"no probe", false, http.StatusServiceUnavailable, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, DispatcherOptions{}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(tt.status) })
				b.lanes.probe, b.lanes.rung = tt.probe, []int{3}
				b.lanes.put("one", 1)
				b.lanes.put("two", 1)
				b.drain(t.Context(), t, false)
				if rung := slices.Contains(b.bell.rings, lane.Wake{Deliver: true}); !slices.Equal(b.lanes.told, tt.want) || rung != tt.probe {
					t.Errorf("told the shards %q, rung %t; want %q", b.lanes.told, rung, tt.want)
				}
			})
		})
	}
}

// What a receiver asks for once all shards are told.
func TestHoldIsToldToAllShards(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, DispatcherOptions{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		})
		b.lanes.put("one", 1)
		b.lanes.put("two", 1)
		b.drain(t.Context(), t, false)
		if len(b.lanes.held) != 1 || !strings.Contains(b.lanes.held[0], "http://receiver.test:80 but in 0 for 1m0s") {
			t.Errorf("told the shards %q, want one hold of a minute", b.lanes.held)
		}
	})
}
