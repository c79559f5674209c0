//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package embedded

import (
	"errors"
	"fmt"
	"os"
)

// lockFile fails: without a lock that the server inherits, two of them could
// ruin the data.
func lockFile(*os.File) error {
	return fmt.Errorf("%w on this system; set TURNWISE_EMBEDDED=memory or TURNWISE_REDIS_URL", errors.ErrUnsupported)
}

func unlockFile(*os.File) error { return nil }
