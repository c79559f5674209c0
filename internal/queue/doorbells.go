package queue

import (
	"context"

	"github.com/turnwise/turnwise/internal/lane"
)

// Doorbells are the pools of both kinds of lanes, as a [lane.Doorbell].
type Doorbells struct{ Append, Deliver *Pool }

// Ring implements [lane.Doorbell].
func (b Doorbells) Ring(ctx context.Context, shard int, w lane.Wake) {
	if w.Append {
		b.Append.Ring(ctx, shard)
	}
	if w.Deliver {
		b.Deliver.Ring(ctx, shard)
	}
}

// Close closes both: see [Line.Close].
func (b Doorbells) Close() bool {
	closed := make(chan bool)
	for _, l := range []*Pool{b.Append, b.Deliver} {
		go func() { closed <- l.Close() }()
	}
	one, other := <-closed, <-closed
	return one && other
}
