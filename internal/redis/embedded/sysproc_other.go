//go:build !unix

package embedded

import "syscall"

func sysProcAttr() *syscall.SysProcAttr { return nil }
