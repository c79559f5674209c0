package process

import "golang.org/x/sys/unix"

// goFirst has a process go before all others: as one of real time, so that none of them
// takes its processor, else with a higher priority.
func goFirst(pid int) error {
	realTime := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: 1}
	if err := unix.SchedSetAttr(pid, &realTime, 0); err == nil {
		return nil
	}
	return ChangePriority(pid, moreUrgent)
}
