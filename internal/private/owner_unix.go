//go:build unix

package private

import (
	"io/fs"
	"os"
	"syscall"
)

// foreignOwner returns who owns a file, and whether that is neither the user
// of this process nor root.
func foreignOwner(info fs.FileInfo) (uid uint32, foreign bool) {
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, false
	}
	return stat.Uid, stat.Uid != 0 && int64(stat.Uid) != int64(os.Geteuid())
}

// writableByOthers reports whether the group or everybody may write to a file.
func writableByOthers(mode fs.FileMode) bool { return mode.Perm()&0o022 != 0 }
