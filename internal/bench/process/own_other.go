//go:build !unix

package process

import "time"

// Used returns the processor time that this process has used since it began, all
// its threads included. It is 0 where the system does not tell.
func Used() time.Duration { return 0 }

// WaitUntil waits as exactly as a timer of Go does.
func WaitUntil(due time.Time) {
	if left := time.Until(due); left > 0 {
		<-time.NewTimer(left).C
	}
}
