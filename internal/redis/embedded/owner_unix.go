//go:build unix

package embedded

import (
	"io/fs"
	"os"
	"syscall"
)

// ours reports whether a file belongs to the user that this process runs as.
func ownedByUser(info fs.FileInfo) bool {
	stat, known := info.Sys().(*syscall.Stat_t)
	return known && int(stat.Uid) == os.Geteuid()
}
