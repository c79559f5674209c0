package bench

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// oneWay is how long what is sent takes to arrive in the workloads with a
// network, either way.
const oneWay = 1200 * time.Microsecond

// A delaying proxy stands for a network between a worker and Redis: all that is
// sent arrives later by the delay, in order, at any bandwidth.
type delaying struct {
	network, addr string // of the Redis
	delay         time.Duration
}

// serve forwards connections until ctx is done and the listener closed.
func (d delaying) serve(ctx context.Context, l net.Listener) error {
	var conns sync.WaitGroup
	defer conns.Wait()
	for {
		client, err := l.Accept()
		if err != nil {
			return err
		}
		conns.Go(func() { d.forward(ctx, client) })
	}
}

// forward joins a connection with one of its own to the Redis.
func (d delaying) forward(ctx context.Context, client net.Conn) {
	defer client.Close() //nolint:errcheck // the other side notices
	var dialer net.Dialer
	redis, err := dialer.DialContext(ctx, d.network, d.addr)
	if err != nil {
		return
	}
	defer redis.Close() //nolint:errcheck // the other side notices
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		_ = client.Close() // ends the reads below
		_ = redis.Close()
	})
	defer stop()
	var ways sync.WaitGroup
	for _, way := range [][2]net.Conn{{client, redis}, {redis, client}} {
		ways.Go(func() {
			defer cancel()
			d.copy(way[1], way[0])
		})
	}
	ways.Wait()
}

// A chunk is what was sent at once, and when it is to arrive.
type chunk struct {
	bytes []byte
	due   time.Time
}

// underWay is how many chunks there may be on a way at a time: more than are
// sent within the delay, so that the bandwidth has no bound.
const underWay = 4096

// copy has what comes from one side arrive at the other.
func (d delaying) copy(to, from net.Conn) {
	chunks := make(chan chunk, underWay)
	go func() {
		defer close(chunks)
		for {
			buf := make([]byte, 16<<10)
			n, err := from.Read(buf)
			if n > 0 {
				chunks <- chunk{buf[:n], time.Now().Add(d.delay)}
			}
			if err != nil {
				return
			}
		}
	}()
	broken := false
	for c := range chunks {
		if broken {
			continue // until the reader ends too
		}
		process.WaitUntil(c.due)
		if _, err := to.Write(c.bytes); err != nil {
			broken = true
			_ = from.Close()
		}
	}
}

// pingsOf returns the median of round trips to a Redis.
func pingsOf(ctx context.Context, on *server) (Figure, error) {
	var took []time.Duration
	for range 100 {
		began := time.Now()
		if err := on.rdb.Ping(ctx).Err(); err != nil {
			return Figure{}, fmt.Errorf("ping Redis over the network: %w", err)
		}
		took = append(took, time.Since(began))
	}
	p50, _ := quantiles(took)
	return Figure{Section: Away, Name: "round trip to Redis, median of 100", Value: p50 / 1000, Unit: "ms"}, nil
}
