package embedded

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/turnwise/turnwise/internal/private"
)

const (
	socketName = "redis.sock"
	socketDir  = "socket-dir" // in subdir; names the directory of the socket

	// maxSocket is what fits the address of a socket everywhere.
	maxSocket = 100
)

// socketPath returns where the socket of the server on the directory is. It is
// in the directory, or, where its path would be too long, in a short one that
// the directory names, if it does.
func socketPath(dir string) (path string, inside bool) {
	path = filepath.Join(dir, socketName)
	if len(path) <= maxSocket {
		return path, true
	}
	short, err := os.ReadFile(filepath.Join(dir, socketDir))
	if err != nil {
		return "", false
	}
	return filepath.Join(strings.TrimSpace(string(short)), socketName), false
}

// makeSocketPath makes that short directory if need be, which cleanup removes.
// One that a killed worker left behind is used again. Its name is random, and
// it must be ours and nobody else's, because others may write to where it is.
func makeSocketPath(dir string) (path string, cleanup func() error, err error) {
	path, inside := socketPath(dir)
	if inside {
		return path, func() error { return nil }, nil
	}
	if path == "" || len(path) > maxSocket || !takeDir(filepath.Dir(path)) {
		short := filepath.Join("/tmp", "tw"+rand.Text()) // TMPDIR may be long as well
		if err := os.WriteFile(filepath.Join(dir, socketDir), []byte(short+"\n"), 0o600); err != nil {
			return "", nil, fmt.Errorf("name the directory of the socket: %w", err)
		}
		if err := os.Mkdir(short, 0o700); err != nil {
			return "", nil, fmt.Errorf("make a directory for the socket: %w; choose a shorter path with TURNWISE_DATA_DIR", err)
		}
		path = filepath.Join(short, socketName)
	}
	return path, func() error { return os.RemoveAll(filepath.Dir(path)) }, nil
}

// takeDir makes the directory, or reports that it may be used as it is.
func takeDir(dir string) bool {
	err := os.Mkdir(dir, 0o700)
	return err == nil || errors.Is(err, fs.ErrExist) && ours(dir)
}

// ours reports whether there is a directory, no link, for this user alone.
func ours(dir string) bool {
	d, err := private.OpenDir(dir)
	if err != nil {
		return false
	}
	defer d.Close() //nolint:errcheck // it was only looked at
	info, err := os.Lstat(dir)
	return err == nil && info.Mode().Perm() == 0o700
}

func socketURL(path string) string { return (&url.URL{Scheme: "unix", Path: path}).String() }
