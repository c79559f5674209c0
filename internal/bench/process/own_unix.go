//go:build unix

package process

import (
	"time"

	"golang.org/x/sys/unix"
)

// Used returns the processor time that this process has used since it began, all
// its threads included. It is 0 where the system does not tell.
func Used() time.Duration {
	var used unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// WaitUntil waits more exactly than a timer of Go does, whose wait for the
// network is in whole milliseconds. It holds a thread meanwhile.
func WaitUntil(due time.Time) {
	for left := time.Until(due); left > 0; left = time.Until(due) {
		t := unix.NsecToTimeval(left.Nanoseconds())
		_, _ = unix.Select(0, nil, nil, nil, &t) // ends early if a signal comes
	}
}
