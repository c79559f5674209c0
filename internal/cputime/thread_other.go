//go:build !linux

package cputime

import "time"

// now returns the time that has passed.
func now() time.Duration { return time.Duration(time.Now().UnixNano()) }
