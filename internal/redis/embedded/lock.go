package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/turnwise/turnwise/internal/private"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
)

const (
	lockName = "lock"
	// farewell is how long a server that was left behind may take to end.
	farewell = 10 * time.Second
)

// errLocked reports that somebody else holds the lock.
var errLocked = errors.New("the lock is held")

// acquire locks the directory and writes our process id into the lock file,
// which holds the lock until it is closed here and in every process that
// inherits it. A server that a killed worker left behind is stopped first.
func acquire(ctx context.Context, files *private.Dir) (*os.File, error) {
	f, err := files.Open(lockName, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	dir := files.Path()
	err = lockFile(f)
	if errors.Is(err, errLocked) {
		err = inherit(ctx, dir, f)
	}
	if err == nil {
		err = writePID(f)
	}
	if err != nil {
		_ = f.Close() // nothing was kept in it
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return f, nil
}

// release gives the lock back, whoever else still has the file open, and
// closes it.
func release(f *os.File) error { return cmp.Or(unlockFile(f), f.Close()) }

// inherit waits for the lock if its worker is gone. Whoever holds it then is
// the server, which is asked to end by the socket in its directory.
func inherit(ctx context.Context, dir string, f *os.File) error {
	if pid := readPID(f); alive(pid) {
		return fmt.Errorf("process %d uses it already; stop that worker, choose another directory with TURNWISE_DATA_DIR, "+
			"or have both use one Redis with TURNWISE_REDIS_URL", pid)
	}
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	if socket, inside := socketPath(dir); inside || socket != "" && ours(filepath.Dir(socket)) {
		shutDown(ctx, socket)
	}
	for {
		err := lockFile(f)
		if !errors.Is(err, errLocked) {
			return err
		}
		if !sleep(ctx, 5*time.Millisecond) {
			server, _ := os.ReadFile(filepath.Join(dir, pidName)) // for the text only
			return fmt.Errorf("a redis-server that a killed worker left behind (process %s) still uses it; stop that process",
				strings.TrimSpace(string(server)))
		}
	}
}

// shutDown asks the server at the socket to end. Whether it does shows in the
// lock.
func shutDown(ctx context.Context, socket string) {
	if !listens(socket) {
		return
	}
	rdb, err := redisconn.Open(socketURL(socket))
	if err != nil {
		return
	}
	defer func() { _ = rdb.Close() }() // it only served to say one word
	_ = rdb.ShutdownNoSave(ctx).Err()  // the connection breaks if it works
}

func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// readPID returns 0 if the worker died before it could write.
func readPID(f *os.File) int {
	content, _ := io.ReadAll(io.NewSectionReader(f, 0, 64)) // what cannot be read is no number either
	pid, _ := strconv.Atoi(strings.TrimSpace(string(content)))
	return pid
}

// alive reports whether the process exists.
func alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}
