// Package cputime measures how long a processor works on something.
package cputime

import (
	"runtime"
	"time"
)

// Of returns the processor time that a function takes in its own goroutine. Where
// the system does not tell that of a thread, it is the time that passes.
func Of(f func()) time.Duration {
	runtime.LockOSThread() // no other goroutine adds to the time of the thread
	defer runtime.UnlockOSThread()
	before := now()
	f()
	return now() - before
}
