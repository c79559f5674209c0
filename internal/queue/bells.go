package queue

import (
	"context"

	"github.com/turnwise/turnwise/internal/lane"
)

// Bells are the doorbells of both kinds of lanes.
type Bells struct{ Append, Deliver *Line }

// Ring implements [lane.Doorbell].
func (b Bells) Ring(ctx context.Context, shard int, w lane.Wake) {
	if w.Append {
		b.Append.Ring(ctx, shard)
	}
	if w.Deliver {
		b.Deliver.Ring(ctx, shard)
	}
}

// Close closes both: see [Line.Close].
func (b Bells) Close() bool {
	closed := make(chan bool)
	for _, l := range []*Line{b.Append, b.Deliver} {
		go func() { closed <- l.Close() }()
	}
	one, other := <-closed, <-closed
	return one && other
}
