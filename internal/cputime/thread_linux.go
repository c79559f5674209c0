package cputime

import (
	"time"

	"golang.org/x/sys/unix"
)

// now returns the processor time that the thread has used so far.
func now() time.Duration {
	var used unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &used); err != nil {
		return 0 // only for a clock that there is not
	}
	return time.Duration(used.Nano())
}
