// Package tally counts what is done for somebody, in the context of the one who asked for
// it: whoever does it need not know for whom.
package tally

import "context"

type key struct{}

// With returns a context whose requests are counted by a function. It may be called by
// several goroutines at once.
func With(ctx context.Context, count func()) context.Context {
	return context.WithValue(ctx, key{}, count)
}

// Add counts a request of a context, if anybody wants to know.
func Add(ctx context.Context) {
	if count, ok := ctx.Value(key{}).(func()); ok {
		count()
	}
}
