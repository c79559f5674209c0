package process

import (
	"time"

	"golang.org/x/sys/unix"
)

// usedBy returns the processor time that a process has used, by the clock that
// clock_getcpuclockid(3) names.
func usedBy(pid int) (time.Duration, error) {
	var used unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|2), &used); err != nil { //nolint:gosec // the id of a process fits
		return 0, err
	}
	return time.Duration(used.Nano()), nil
}
