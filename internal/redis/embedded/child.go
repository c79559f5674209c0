package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/private"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
)

const (
	subdir  = "redis"     // of the data directory
	pidName = "redis.pid" // in subdir, for people

	// patience is how long a server that is not loading may stay silent.
	patience = 20 * time.Second
)

// startChild runs the server on the data directory, once nobody else does.
func startChild(ctx context.Context, binary string, opts Options) (*Server, error) {
	if opts.Dir == "" { // which would be the working directory
		return nil, errors.New("start the embedded Redis: there is no directory to keep the data in; name one with TURNWISE_DATA_DIR")
	}
	files, err := openFiles(opts.Dir)
	if err != nil {
		return nil, fmt.Errorf("start the embedded Redis: %w", err)
	}
	defer files.Close() //nolint:errcheck // its files are closed
	dir := files.Path()
	lock, err := acquire(ctx, files)
	if err != nil {
		return nil, fmt.Errorf("start the embedded Redis: %w", err)
	}
	url, stop, err := startLocked(ctx, command{binary: binary, lock: lock, check: func() error { return checkFiles(opts) }}, opts)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the embedded Redis: %w", err), release(lock))
	}
	return &Server{
		url: url,
		description: fmt.Sprintf("Redis is embedded, a private %s under %s: what is accepted is on disk before it is acknowledged",
			filepath.Base(binary), dir),
		close: sync.OnceValue(func() error { return cmp.Or(stop(), release(lock)) }),
	}, nil
}

// startLocked runs the command, which lacks its arguments, in the directory
// that is ours, and returns the address of the server and what ends it.
func startLocked(ctx context.Context, c command, opts Options) (url string, stop func() error, err error) {
	if err := c.check(); err != nil {
		return "", nil, err
	}
	dir := filepath.Join(opts.Dir, subdir)
	socket, cleanup, err := makeSocketPath(dir)
	if err != nil {
		return "", nil, err
	}
	before, _ := readParts(dir) // as they were checked a moment ago
	c.args = arguments(dir, socket)
	sup := supervise(c, opts.Log)
	url = socketURL(socket)
	end := func() error { sup.stop(); return cleanup() }
	if err := sup.await(ctx, url, socket); err != nil {
		return "", nil, errors.Join(err, end())
	}
	after, _ := readParts(dir) // the server has just read them
	if bytes := shrunk(before, after); bytes > 0 {
		opts.Log.Warn("embedded redis left out an incomplete end of its append-only file", slog.Int64("bytes", bytes))
	}
	stopKeeper, err := startRecorder(opts, url)
	if err != nil {
		return "", nil, errors.Join(err, end())
	}
	return url, func() error { stopKeeper(); return end() }, nil
}

// arguments are those of the server. All of its configuration is here.
func arguments(dir, socket string) []string {
	return []string{
		"--port", "0",
		"--unixsocket", socket,
		"--unixsocketperm", "700",
		"--dir", dir,
		"--pidfile", filepath.Join(dir, pidName),
		"--appendonly", "yes",
		"--appendfsync", "always",
		"--auto-aof-rewrite-min-size", "512mb", // a rewrite forks, and slows what is written meanwhile
		"--save", "",
		"--maxmemory-policy", "noeviction",
		"--lazyfree-lazy-expire", "yes", // what has many values is freed by another thread
		"--lazyfree-lazy-user-del", "yes",
		"--daemonize", "no",
		"--loglevel", "notice",
	}
}

// openFiles returns the directory of the server in the data directory. The
// server opens what is in it by path, so none of it may be a link or another
// user's.
func openFiles(dataDir string) (*private.Dir, error) {
	data, err := private.MakeDir(dataDir)
	if err != nil {
		return nil, err
	}
	defer data.Close() //nolint:errcheck // its files are closed
	files, err := data.Dir(subdir)
	if err != nil {
		return nil, err
	}
	if err := checkOwners(files); err != nil {
		_ = files.Close() // nothing was done with it
		return nil, err
	}
	return files, nil
}

// checkOwners looks at the files of the server, and at the parts of its
// append-only file.
func checkOwners(files *private.Dir) error {
	if err := files.CheckOwner(); err != nil {
		return err
	}
	parts, err := private.OpenDir(filepath.Join(files.Path(), aofDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer parts.Close() //nolint:errcheck // its files are closed
	return parts.CheckOwner()
}

// await returns when the server answers, or why it does not. A server that
// loads its data is given all the time it needs.
func (s *supervisor) await(ctx context.Context, address, socket string) error {
	rdb, err := redisconn.Open(address)
	if err != nil {
		return err
	}
	defer func() { _ = rdb.Close() }() // it only served to ask
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for heard := time.Now(); ; {
		// Asking whether anybody listens first spares the client's log a line
		// per refused connection.
		if listens(socket) {
			err := rdb.Ping(ctx).Err()
			if err == nil {
				s.up.Store(true)
				return nil
			}
			if redis.IsLoadingError(err) {
				heard = time.Now()
			}
		}
		if time.Since(heard) > patience {
			return fmt.Errorf("the server does not answer; its last words:\n%s", s.output.last())
		}
		select {
		case err := <-s.failed:
			return fmt.Errorf("the server ended: %w; its last words:\n%s", err, s.output.last())
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

func listens(socket string) bool {
	conn, err := net.DialTimeout("unix", socket, time.Second) //nolint:noctx // a socket of this machine, bounded
	if err != nil {
		return false
	}
	_ = conn.Close() // nothing was sent
	return true
}
