package bench

import (
	"context"
	"runtime"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// A stopwatch measures what goes on between start and stop: the time, what
// Redis did, and what this process used, all its threads included.
type stopwatch struct {
	server *server
	began  time.Time
	redis  redisFigures
	own    ownFigures
	trips  int64
}

// ownFigures are what this process has used since it began.
type ownFigures struct {
	cpu         time.Duration
	allocations uint64
}

func readOwn() ownFigures {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return ownFigures{process.Used(), memory.Mallocs}
}

// start begins to measure.
func (s *server) start(ctx context.Context) (*stopwatch, error) {
	before, err := readRedis(ctx, s.rdb)
	if err != nil {
		return nil, err
	}
	return &stopwatch{server: s, redis: before, trips: s.trips.count.Load(), own: readOwn(), began: time.Now()}, nil
}

// stop ends it after n jobs.
func (w *stopwatch) stop(ctx context.Context, n int) (Sample, error) {
	took, own, trips := time.Since(w.began), readOwn(), w.server.trips.count.Load()
	after, err := readRedis(ctx, w.server.rdb)
	if err != nil {
		return Sample{}, err
	}
	did, each := after.minus(w.redis), 1/float64(max(n, 1))
	for command := range did.byCommand {
		did.byCommand[command] *= each
	}
	return Sample{
		Jobs: n,
		Rate: float64(n) / took.Seconds(),
		Cost: Cost{
			RedisCPU:    did.cpu * 1e6 * each,
			Commands:    did.commands * each,
			Scripts:     did.scripts * each,
			RoundTrips:  float64(trips-w.trips) * each,
			BytesIn:     did.in * each,
			BytesOut:    did.out * each,
			OwnCPU:      micros(own.cpu-w.own.cpu) * each,
			Allocations: float64(own.allocations-w.own.allocations) * each,
			ByCommand:   did.byCommand,
		},
	}, nil
}

// timed measures fn, which does n jobs.
func (s *server) timed(ctx context.Context, n int, fn func() error) (Sample, error) {
	watch, err := s.start(ctx)
	if err != nil {
		return Sample{}, err
	}
	if err := fn(); err != nil {
		return Sample{}, err
	}
	return watch.stop(ctx, n)
}
