package analysis

import (
	"context"
	"time"
)

// restEvery is how long an analysis goes on without a rest, if it is to have some.
const restEvery = 2 * time.Millisecond

type resting struct{}

// WithRests returns a context in which an analysis calls rest every few milliseconds: a
// pause for what others have to do. One that takes less has none.
func WithRests(ctx context.Context, rest func()) context.Context {
	return context.WithValue(ctx, resting{}, rest)
}

// A pace says when an analysis rests.
type pace struct {
	rest  func()    // may be nil
	began time.Time // to compute, without a rest
}

func paceOf(ctx context.Context) pace {
	rest, _ := ctx.Value(resting{}).(func())
	return pace{rest: rest, began: time.Now()}
}

// keep rests if it is time, and returns the error of ctx.
func (p *pace) keep(ctx context.Context) error {
	if p.rest != nil && time.Since(p.began) >= restEvery {
		p.rest()
		p.began = time.Now()
	}
	return ctx.Err()
}
