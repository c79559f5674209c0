//go:build !linux

package process

// goFirst has a process go before others, as far as its priority decides.
func goFirst(pid int) error { return ChangePriority(pid, moreUrgent) }
