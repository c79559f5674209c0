//go:build !linux

package redistest

import "syscall"

// sysProcAttr is nil: only Linux can tie the child's life to ours.
func sysProcAttr() *syscall.SysProcAttr { return nil }
