//go:build unix && !linux

package embedded

import "syscall"

// sysProcAttr keeps a Ctrl-C on the terminal from the server, which has to
// outlive our own shutdown.
func sysProcAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
