package embedded

import "syscall"

// sysProcAttr keeps a Ctrl-C on the terminal from the server, which has to
// outlive our own shutdown, and has the kernel end the server with us.
func sysProcAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
