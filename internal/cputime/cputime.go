// Package cputime measures how long a processor works on something.
package cputime

import (
	"context"
	"runtime"
	"time"
)

// A measure is what a function has taken so far.
type measure struct {
	used  time.Duration // before it last went on
	since time.Duration // the time of the thread when it went on
}

type measured struct{}

// Of returns the processor time that a function takes in its own goroutine. Where
// the system does not tell that of a thread, it is the time that passes. The context
// that the function gets is for [Rest].
func Of(ctx context.Context, f func(ctx context.Context)) time.Duration {
	runtime.LockOSThread() // no other goroutine adds to the time of the thread
	defer runtime.UnlockOSThread()
	m := &measure{since: now()}
	f(context.WithValue(ctx, measured{}, m))
	return m.used + now() - m.since
}

// Rest calls wait, in which the goroutine waits. In a function that is measured, whose
// goroutine it must be, that is not counted, and the thread is given up meanwhile: else a
// processor would have to change threads twice.
func Rest(ctx context.Context, wait func()) {
	m, _ := ctx.Value(measured{}).(*measure)
	if m == nil {
		wait()
		return
	}
	m.used += now() - m.since
	runtime.UnlockOSThread()
	wait()
	runtime.LockOSThread()
	m.since = now()
}
