package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redisconn"
)

const (
	subdir     = "redis"      // of the data directory
	socketName = "redis.sock" // in subdir, if its path is short enough
	pidName    = "redis.pid"  // in subdir, for people

	// maxSocket is what fits the address of a socket everywhere.
	maxSocket = 100
	// patience is how long a server that is not loading may stay silent.
	patience = 20 * time.Second
)

// startChild runs the server on the data directory, once nobody else does.
func startChild(ctx context.Context, binary string, opts Options) (*Server, error) {
	dir := filepath.Join(opts.Dir, subdir)
	if err := makePrivate(dir); err != nil {
		return nil, fmt.Errorf("start the embedded Redis: %w; choose another directory with TURNWISE_DATA_DIR", err)
	}
	lock, err := acquire(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("start the embedded Redis: %w", err)
	}
	socket, cleanup, err := makeSocketPath(dir)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the embedded Redis: %w", err), release(lock))
	}
	sup := supervise(command{binary: binary, args: arguments(dir, socket), lock: lock}, opts.Log)
	s := &Server{
		url: socketURL(socket),
		description: fmt.Sprintf("Redis is embedded, a private %s under %s: what is accepted is on disk before it is acknowledged",
			filepath.Base(binary), dir),
		close: sync.OnceValue(func() error {
			sup.stop()
			return cmp.Or(cleanup(), release(lock))
		}),
	}
	if err := sup.await(ctx, s.url, socket); err != nil {
		return nil, errors.Join(fmt.Errorf("start the embedded Redis: %w", err), s.Close())
	}
	return s, nil
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
		"--save", "",
		"--maxmemory-policy", "noeviction",
		"--daemonize", "no",
		"--loglevel", "notice",
	}
}

// makePrivate makes the directory, for this user alone.
func makePrivate(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700) //nolint:gosec // a directory needs the bit
}

// makeSocketPath returns where the socket goes: into the directory, or into a
// short temporary one, which cleanup removes, if the path would be too long.
func makeSocketPath(dir string) (path string, cleanup func() error, err error) {
	path = filepath.Join(dir, socketName)
	if len(path) <= maxSocket {
		return path, func() error { return nil }, nil
	}
	short, err := os.MkdirTemp("/tmp", "tw") // 0700; TMPDIR may be long as well
	if err != nil {
		return "", nil, fmt.Errorf("make a directory for the socket: %w", err)
	}
	return filepath.Join(short, socketName), func() error { return os.RemoveAll(short) }, nil
}

func socketURL(path string) string { return (&url.URL{Scheme: "unix", Path: path}).String() }

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
