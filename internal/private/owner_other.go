//go:build !unix

package private

import "io/fs"

// foreignOwner reports false: such a system keeps who may do what elsewhere.
func foreignOwner(fs.FileInfo) (uid uint32, foreign bool) { return 0, false }

func writableByOthers(fs.FileMode) bool { return false }
