//go:build unix

package process

import "golang.org/x/sys/unix"

// ChangePriority gives a process, of which 0 is this one, the priority of this one and so
// much more.
func ChangePriority(pid, more int) error {
	own, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil {
		return err
	}
	return unix.Setpriority(unix.PRIO_PROCESS, pid, 20-own+more) // the system tells 20 less the priority
}
