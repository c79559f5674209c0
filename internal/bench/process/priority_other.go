//go:build !unix

package process

import "errors"

// ChangePriority is for systems that have such priorities.
func ChangePriority(int, int) error { return errors.ErrUnsupported }
