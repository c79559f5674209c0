package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// acceptPause is how long no connection is accepted after that has failed, as
// it does without free descriptors.
const acceptPause = 10 * time.Millisecond

// startMemory runs miniredis on a socket in a directory of this user alone.
// Other users of the machine must not reach it: miniredis trusts its callers,
// and ends the process at a malformed request.
func startMemory(reason string, log *slog.Logger) (*Server, error) {
	m := miniredis.NewMiniRedis()
	m.ClockTTL(true) // else keys would never expire
	first, err := m.Dial()
	if err != nil {
		return nil, fmt.Errorf("start a Redis in memory: %w", err)
	}
	_ = first.Close() // it is only what starts a server without a port
	m.Server().SetPreHook(recoverIn(m.Server(), log))
	dir, err := makeSocketDir()
	if err != nil {
		return nil, fmt.Errorf("start a Redis in memory: %w", err)
	}
	stop, err := listenIn(dir, m)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start a Redis in memory: %w", err), os.RemoveAll(dir))
	}
	return &Server{
		url: socketURL(filepath.Join(dir, socketName)),
		description: fmt.Sprintf("Redis is embedded, in memory, %s: everything is lost when this process ends; "+
			"install redis-server or set TURNWISE_REDIS_URL to keep it", reason),
		close: sync.OnceValue(func() error { stop(); return os.RemoveAll(dir) }),
	}, nil
}

// makeSocketDir makes a directory for one socket. Its name is random, and it is
// for this user alone. Those that processes left behind which were killed are removed.
func makeSocketDir() (string, error) {
	removeStale(os.TempDir())
	dir, err := os.MkdirTemp("", socketDirs)
	if err != nil || len(filepath.Join(dir, socketName)) <= maxSocket {
		return dir, err
	}
	if err := os.Remove(dir); err != nil {
		return "", err
	}
	removeStale("/tmp")
	return os.MkdirTemp("/tmp", socketDirs) // TMPDIR is long
}

// listenIn serves m on a socket in the directory. Stop ends m as well.
func listenIn(dir string, m *miniredis.Miniredis) (stop func(), err error) {
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "unix", filepath.Join(dir, socketName))
	if err != nil {
		return nil, err
	}
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			switch {
			case err == nil:
				m.Server().ServeConn(&framed{Conn: conn})
			case errors.Is(err, net.ErrClosed) || !sleep(ctx, acceptPause):
				return
			}
		}
	})
	return func() {
		cancel()
		_ = l.Close() // it removes the socket
		wg.Wait()
		m.Close()
	}, nil
}
