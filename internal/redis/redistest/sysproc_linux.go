package redistest

import "syscall"

// sysProcAttr has the kernel end the child when the test binary dies without
// running its cleanups.
func sysProcAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
