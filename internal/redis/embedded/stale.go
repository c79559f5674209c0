package embedded

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// socketDirs is how the directories of sockets of Redis in memory are named.
const socketDirs = "turnwise-*"

// staleAge is how old a socket is at least that is taken for one that was left behind. A
// younger one may belong to a process that is about to listen on it.
const staleAge = time.Minute

// removeStale removes, from a directory for temporary files, the directories of sockets that
// nobody listens on any more, since their process was killed. It touches only what belongs to
// this user alone, and removes nothing but a socket and the directory that it was alone in.
func removeStale(parent string) {
	sockets, err := filepath.Glob(filepath.Join(parent, socketDirs, socketName))
	if err != nil {
		return // the pattern would be malformed, by the name of the parent
	}
	for _, socket := range sockets {
		if dir := filepath.Dir(socket); ours(dir) && isStale(socket) {
			_ = os.Remove(socket) // another process may remove it too
			_ = os.Remove(dir)
		}
	}
}

// isStale reports whether there is a socket on which nobody listens.
func isStale(socket string) bool {
	info, err := os.Lstat(socket)
	if err != nil || info.Mode().Type() != fs.ModeSocket || time.Since(info.ModTime()) < staleAge {
		return false
	}
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(context.Background(), "unix", socket)
	if err == nil {
		_ = conn.Close() // it only served to ask
		return false
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}
