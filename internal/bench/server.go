package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redisconn"
)

// ErrNoServer reports that no Redis was named and none is installed.
var ErrNoServer = errors.New("neither redis-server nor valkey-server is on PATH")

// A server is a Redis that workloads run on. It has the two clients that a
// worker has.
type server struct {
	url    string
	rdb    redis.UniversalClient // for the store
	wake   redis.UniversalClient // for asynq
	trips  *roundTrips           // of both
	shards int                   // that Turnwise spreads its data over there; as many as it takes by itself if zero
	end    func()                // of the process, if the bench has started it
}

// openServer connects to the Redis at a URL.
func openServer(url string) (*server, error) {
	s := &server{url: url, trips: new(roundTrips), end: func() {}}
	var err error
	if s.rdb, err = redisconn.Open(url); err != nil {
		return nil, err
	}
	if s.wake, err = redisconn.Open(url); err != nil {
		return nil, errors.Join(err, s.rdb.Close())
	}
	s.rdb.AddHook(s.trips)
	s.wake.AddHook(s.trips)
	return s, nil
}

// close ends the connections, and the process if it is the bench's.
func (s *server) close() {
	_ = s.rdb.Close() // nothing uses them any more
	_ = s.wake.Close()
	s.end()
}

// keepsNothing are the arguments of a redis-server without persistence.
func keepsNothing() []string { return []string{"--save", "", "--appendonly", "no"} }

// syncs are those of one with an append-only file. It is not rewritten: a fork
// at some moment would hit one workload and not the next.
func syncs(fsync string) []string {
	return []string{"--save", "", "--appendonly", "yes", "--appendfsync", fsync, "--auto-aof-rewrite-percentage", "0"}
}

// startServer starts a redis-server and connects to it.
func startServer(ctx context.Context, args []string) (*server, error) {
	binary, err := findServer()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "turnwise-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the bench's Redis: %w", err)
	}
	socket := filepath.Join(dir, "redis.sock")
	all := append([]string{"--port", "0", "--unixsocket", socket, "--dir", dir, "--maxmemory-policy", "noeviction"}, args...)
	process := exec.CommandContext(context.WithoutCancel(ctx), binary, all...)
	if err := process.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", binary, err), os.RemoveAll(dir))
	}
	end := func() {
		_ = process.Process.Kill() // what it keeps goes as well
		_ = process.Wait()
		_ = os.RemoveAll(dir)
	}
	s, err := openServer("unix://" + socket)
	if err == nil {
		err = awaitSocket(ctx, socket)
	}
	if err != nil {
		end()
		return nil, fmt.Errorf("wait for %s: %w", binary, err)
	}
	s.end = end
	return s, nil
}

func findServer() (string, error) {
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoServer
}

func awaitSocket(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var dialer net.Dialer
	for {
		c, err := dialer.DialContext(ctx, "unix", path)
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}
