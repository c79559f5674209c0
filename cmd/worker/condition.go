package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/telemetry"
	"github.com/turnwise/turnwise/internal/telemetry/ops"
)

const (
	checkEvery = time.Second
	checkBound = 900 * time.Millisecond
)

// foreignData is the reason why a Redis that holds other data is not used.
const foreignData = "The data in Redis is not that which this process was started on; have TURNWISE_REDIS_URL name the right Redis, or restart the process to work on this one."

// A condition is what the process knows of its Redis: whether it does what the
// roles of the process need, and whether the data is still there. It asks once
// a second, however many want to know.
type condition struct {
	store   *store.Store
	gate    *redisconn.Gate // shut while the data is somebody else's
	room    bool            // whether new jobs are accepted, which take memory
	log     *slog.Logger
	metrics *telemetry.Metrics

	turn  chan struct{} // holds one while Redis is asked
	known chan struct{} // closed when what follows is known

	mu    sync.Mutex
	why   string // it does not serve, in a sentence; empty if it does
	since time.Time
	note  string // of a loss
	lost  int    // how often the data was gone
}

func newCondition(store *store.Store, gate *redisconn.Gate, room bool, log *slog.Logger, m *telemetry.Metrics) *condition {
	return &condition{
		store: store, gate: gate, room: room, log: log, metrics: m,
		turn: make(chan struct{}, 1), known: make(chan struct{}), since: time.Now(),
	}
}

// watch asks until ctx is done.
func (c *condition) watch(ctx context.Context) error {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	first := sync.OnceFunc(func() { close(c.known) })
	for {
		lost, err := c.probe(ctx)
		if ctx.Err() != nil {
			return nil // to stop is no failure
		}
		c.update(ctx, lost, err)
		first()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// probe asks Redis, and waits for its answer no longer than checkBound, whatever
// the client does.
func (c *condition) probe(ctx context.Context) (lost int, err error) {
	ctx, cancel := context.WithTimeout(redisconn.PastGate(ctx), checkBound)
	defer cancel()
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done(): // the last question is not answered yet
		return 0, ctx.Err()
	}
	answered := make(chan struct{})
	var found int
	var no error
	go func() {
		defer func() { <-c.turn }()
		defer close(answered)
		if found, no = c.store.Recognize(ctx); no == nil {
			no = c.store.Probe(ctx, c.room)
		}
	}()
	select {
	case <-answered:
		return found, no
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// update stores what the last probe found, and logs what has changed.
func (c *condition) update(ctx context.Context, lost int, err error) {
	alien := errors.Is(err, store.ErrForeignData)
	if alien {
		c.gate.Shut(store.ErrForeignData)
	} else {
		c.gate.Open()
	}
	c.metrics.RedisForeign(alien)
	c.metrics.Ready(err == nil)

	c.mu.Lock()
	defer c.mu.Unlock()
	if lost > c.lost {
		c.metrics.RedisLost(lost - c.lost)
		c.lost = lost
		c.note = fmt.Sprintf("The data in Redis was gone at %s, and what had been accepted before with it; it was begun anew.", time.Now().UTC().Format(time.RFC3339))
		c.log.LogAttrs(ctx, slog.LevelError, "redis lost its data", slog.Int("losses", lost))
	}
	why := whyNot(err)
	if why == c.why {
		return
	}
	before := time.Since(c.since).Round(time.Millisecond)
	c.why, c.since = why, time.Now()
	if why == "" {
		c.log.LogAttrs(ctx, slog.LevelInfo, "redis serves again", slog.Duration("after", before))
		return
	}
	c.log.LogAttrs(ctx, slog.LevelError, "redis does not serve", slog.String("reason", why), slog.Any("err", err))
}

// ready returns what /readyz asks. Before the first answer it waits for it.
func (c *condition) ready(ctx context.Context) (note string, err error) {
	select {
	case <-c.known:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.why != "" {
		return "", ops.NotReady(c.why)
	}
	return c.note, nil
}

// whyNot says in a sentence why Redis does not serve, without addresses.
func whyNot(err error) string {
	if err == nil {
		return ""
	}
	if errors.Is(err, store.ErrForeignData) {
		return foreignData
	}
	why := redisconn.Explain(err)
	if denied, ok := errors.AsType[*store.DeniedError](err); ok {
		why = redisconn.Denied(denied.Command)
	}
	if part, ok := errors.AsType[*store.PartError](err); ok && part.Failed < part.Asked {
		why = fmt.Sprintf("%d of the %d masters of the Redis Cluster that hold data: %s", part.Failed, part.Asked, why)
	}
	return why
}
