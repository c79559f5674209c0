//go:build unix

package main

import "syscall"

// descriptors returns how many files and connections the process may have open,
// and 0 if that is not known. Go has raised it to what the system allows.
func descriptors() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return uint64(limit.Cur) //nolint:unconvert // it is signed on some systems
}
