package lane

import "context"

// A Slot is what a drain occupies of the lanes that a process may work at
// once.
type Slot interface {
	// Wait says that the drain does nothing but wait for Redis, until
	// answered is called.
	Wait() (answered func())

	// Linger says that it does nothing but wait for somebody else, until heard
	// is called.
	Linger() (heard func())
}

type slotKey struct{}

// WithSlot returns a context for what a drain does in its slot.
func WithSlot(ctx context.Context, s Slot) context.Context {
	return context.WithValue(ctx, slotKey{}, s)
}

// Wait tells the slot that ctx belongs to, if any, that its drain waits for
// Redis until answered is called, so that a Redis that does not answer holds
// no slot.
func Wait(ctx context.Context) (answered func()) {
	if s, ok := ctx.Value(slotKey{}).(Slot); ok {
		return s.Wait()
	}
	return func() {}
}

// Linger tells the slot that ctx belongs to, if any, that its drain waits for
// somebody who may be slow, until heard is called, so that many who are hold no
// slots from others.
func Linger(ctx context.Context) (heard func()) {
	if s, ok := ctx.Value(slotKey{}).(Slot); ok {
		return s.Linger()
	}
	return func() {}
}

// Aside returns a context for what goes on beside a drain: its waiting is not
// that of the drain.
func Aside(ctx context.Context) context.Context {
	return context.WithValue(ctx, slotKey{}, nil)
}
