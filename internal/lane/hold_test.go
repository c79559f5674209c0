package lane_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

const lease = 3 * time.Second

// renewals records when it is called, and answers each call with the next of
// its answers, the last one for good.
type renewals struct {
	mu      sync.Mutex
	begun   time.Time
	at      []time.Duration
	answers []error
	takes   time.Duration // the first call; the others none
}

func newRenewals(answers ...error) *renewals {
	return &renewals{begun: time.Now(), answers: answers}
}

func (r *renewals) renew(context.Context) error {
	r.mu.Lock()
	r.at = append(r.at, time.Since(r.begun))
	n := min(len(r.at), len(r.answers))
	first := len(r.at) == 1
	r.mu.Unlock()
	if first {
		time.Sleep(r.takes)
	}
	if n == 0 {
		return nil
	}
	return r.answers[n-1]
}

func (r *renewals) times() []time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.at)
}

func seconds(n ...int) []time.Duration {
	d := make([]time.Duration, len(n))
	for i := range n {
		d[i] = time.Duration(n[i]) * time.Second
	}
	return d
}

func TestHoldRenewsEachThirdOfTheLease(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		r := newRenewals()
		held, release := lane.Hold(t.Context(), slog.New(slog.DiscardHandler), lease, r.renew)
		time.Sleep(4500 * time.Millisecond)
		if err := held.Err(); err != nil {
			t.Errorf("the context of a lease that is renewed: %v", err)
		}
		release()
		if cause := context.Cause(held); !errors.Is(cause, context.Canceled) || errors.Is(cause, lane.ErrStale) {
			t.Errorf("cause after release = %v, want a plain cancellation", cause)
		}
		time.Sleep(time.Minute)
		if got, want := r.times(), seconds(1, 2, 3, 4); !slices.Equal(got, want) {
			t.Errorf("renewals after %v, want %v", got, want)
		}
	})
}

func TestHoldOfShortWorkRenewsNothing(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		r := newRenewals()
		_, release := lane.Hold(t.Context(), slog.New(slog.DiscardHandler), lease, r.renew)
		time.Sleep(lease/3 - time.Millisecond)
		release()
		time.Sleep(time.Minute)
		if n := len(r.times()); n != 0 {
			t.Errorf("%d renewals, want none within a third of the lease", n)
		}
	})
}

// TestHoldGivesUp says when the context is cancelled, for the cause ErrStale,
// given what the renewals of each second answer.
func TestHoldGivesUp(t *testing.T) {
	t.Parallel()

	away := errors.New("redis is away")
	tests := []struct {
		name    string
		answers []error
		takes   time.Duration
		after   time.Duration
	}{
		{"another owner", []error{nil, lane.ErrStale}, 0, 2 * time.Second},
		{"another owner, wrapped", []error{fmt.Errorf("renew: %w", lane.ErrStale)}, 0, time.Second},
		{"no renewal for a whole lease", []error{away}, 0, lease},
		{"no renewal for a whole lease after one", []error{nil, away}, 0, time.Second + lease},
		{"a lease counts from when its renewal was asked for", []error{nil, away}, lease / 3, time.Second + lease},
		{"two misses, one renewal, then none", []error{away, away, nil, away}, 0, 3*time.Second + lease},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				r := newRenewals(tt.answers...)
				r.takes = tt.takes
				held, release := lane.Hold(t.Context(), slog.New(slog.DiscardHandler), lease, r.renew)
				defer release()
				<-held.Done()
				if took := time.Since(r.begun); took != tt.after {
					t.Errorf("cancelled after %v, want %v", took, tt.after)
				}
				if cause := context.Cause(held); !errors.Is(cause, lane.ErrStale) {
					t.Errorf("cause = %v, want ErrStale", cause)
				}
				n := len(r.times())
				time.Sleep(time.Minute)
				if more := len(r.times()) - n; more != 0 {
					t.Errorf("%d renewals of a lost lease, want none", more)
				}
			})
		})
	}
}

// A Redis that takes connections and answers nothing must not stretch a lease.
func TestHoldGivesUpOnARenewalThatHangs(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		held, release := lane.Hold(t.Context(), slog.New(slog.DiscardHandler), lease, func(ctx context.Context) error {
			timeout, cancel := context.WithTimeout(ctx, time.Hour) // that of the client
			defer cancel()
			<-timeout.Done()
			return timeout.Err()
		})
		defer release()
		<-held.Done()
		if took := time.Since(begun); took > lease {
			t.Errorf("cancelled after %v, want the lease, %v", took, lease)
		}
		if cause := context.Cause(held); !errors.Is(cause, lane.ErrStale) {
			t.Errorf("cause = %v, want ErrStale", cause)
		}
	})
}

func TestReleaseWaitsForTheRenewalUnderWay(t *testing.T) {
	t.Parallel()

	begun, end := make(chan struct{}), make(chan struct{})
	_, release := lane.Hold(t.Context(), slog.New(slog.DiscardHandler), 30*time.Millisecond, func(context.Context) error {
		close(begun)
		<-end // does not heed its context
		return nil
	})
	<-begun
	released := make(chan struct{})
	go func() {
		defer close(released)
		release()
	}()
	select {
	case <-released:
		t.Error("release returned while a renewal was under way")
	case <-time.After(50 * time.Millisecond):
	}
	close(end)
	<-released
	release() // may be called again
}

func TestHoldEndsWithItsParent(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		r := newRenewals()
		type key struct{}
		gone := errors.New("the process stops")
		parent, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "kept"))
		held, release := lane.Hold(parent, slog.New(slog.DiscardHandler), lease, r.renew)
		if held.Value(key{}) != "kept" {
			t.Error("the values of the parent are lost")
		}
		time.Sleep(1500 * time.Millisecond)
		cancel(gone)
		<-held.Done()
		if cause := context.Cause(held); !errors.Is(cause, gone) {
			t.Errorf("cause = %v, want the parent's", cause)
		}
		time.Sleep(time.Minute)
		release()
		if got, want := r.times(), seconds(1); !slices.Equal(got, want) {
			t.Errorf("renewals after %v, want %v", got, want)
		}
	})
}

// A renewal that panics ends neither the process nor the lease: it is logged, and tried
// again. If each of them does, the lease is lost as if none had an answer.
func TestHoldOutlivesARenewalThatPanics(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		panics int // of the first renewals
		logged int
		cause  error
	}{
		{"once", 1, 1, context.Canceled},
		{"each time", 100, 3, lane.ErrStale},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var text bytes.Buffer
				calls := 0
				held, release := lane.Hold(t.Context(), slog.New(slog.NewTextHandler(&text, nil)), lease, func(context.Context) error {
					if calls++; calls <= tt.panics {
						panic("no such renewal")
					}
					return nil
				})
				time.Sleep(2*lease + time.Millisecond)
				release()
				if cause := context.Cause(held); !errors.Is(cause, tt.cause) {
					t.Errorf("cause = %v, want %v", cause, tt.cause)
				}
				if logged := strings.Count(text.String(), `level=ERROR msg="renewal panicked" panic="no such renewal" stack=`); logged != tt.logged {
					t.Errorf("logged %d panics, want %d: %s", logged, tt.logged, text.String())
				}
			})
		})
	}
}
