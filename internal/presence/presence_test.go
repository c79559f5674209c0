package presence_test

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/turnwise/turnwise/internal/presence"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a store without an age of records.
type memory struct {
	mu      sync.Mutex
	records map[string][]byte
}

func (m *memory) Beat(_ context.Context, id string, record []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records[id] = record
	return nil
}

func (m *memory) Beats(context.Context) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.records), nil
}

func (m *memory) EndBeat(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.records, id)
	return nil
}

// Two processes, one of which accepts three jobs in each bucket and the other fails
// one, are read together, and one that ends is gone.
func TestProcessesKnowOneAnother(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		store := &memory{records: map[string][]byte{}}
		var accepted, failed atomic.Int64
		api := presence.NewReporter(store, presence.Process{ID: "a", Roles: []string{"api"}, Started: time.Now()},
			func() presence.Totals { return presence.Totals{Accepted: accepted.Load()} }, slog.New(slog.DiscardHandler))
		worker := presence.NewReporter(store, presence.Process{ID: "b", Roles: []string{"worker"}, Started: time.Now().Add(time.Second)},
			func() presence.Totals { return presence.Totals{Failed: failed.Load()} }, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		var both sync.WaitGroup
		both.Go(func() { _ = api.Run(ctx) })
		both.Go(func() { _ = worker.Run(ctx) })
		time.Sleep(time.Second) // into the middle of a bucket
		for range 100 {
			accepted.Add(3)
			failed.Add(1)
			time.Sleep(presence.Bucket)
		}
		all, err := presence.Read(t.Context(), store)
		if err != nil || len(all) != 2 || all[0].ID != "a" || all[1].Roles[0] != "worker" {
			t.Fatalf("Read = %+v, %v; want both, in the order of their starts", all, err)
		}
		sum := presence.Sum(all)
		if len(sum) != presence.Buckets {
			t.Errorf("Sum has %d buckets, want %d", len(sum), presence.Buckets)
		}
		for n, s := range sum {
			if s != (presence.Totals{Accepted: 3, Failed: 1}) {
				t.Errorf("bucket %d has %+v, want three accepted and one failed", n, s)
			}
		}
		cancel()
		both.Wait()
		if all, _ := presence.Read(t.Context(), store); len(all) != 0 {
			t.Errorf("%d processes are there after their end", len(all))
		}
	})
}

// A process that was stopped for a while has nothing in the buckets between, and one
// whose clock was late stands at its own places.
func TestSumAligns(t *testing.T) {
	t.Parallel()

	one := presence.Process{Until: 100, Series: []presence.Totals{{Accepted: 1}, {Accepted: 2}}}
	late := presence.Process{Until: 99, Series: []presence.Totals{{Accepted: 10}, {Accepted: 20}}}
	sum := presence.Sum([]presence.Process{one, late})
	got := [3]int64{sum[presence.Buckets-3].Accepted, sum[presence.Buckets-2].Accepted, sum[presence.Buckets-1].Accepted}
	if want := [3]int64{10, 21, 2}; got != want {
		t.Errorf("the last buckets are %v, want %v", got, want)
	}
}
