package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
)

// Mode says which Redis to bring along.
type Mode string

// The modes. The zero value is Auto.
const (
	Auto   Mode = "auto"   // Redis if it is installed, else Memory
	Memory Mode = "memory" // in this process; nothing is kept
	Redis  Mode = "redis"  // a redis-server or valkey-server that keeps all on disk
)

// Options adjusts a [Server].
type Options struct {
	Dir       string       // data directory; made if need be
	Mode      Mode         // Auto if empty
	AllowLoss bool         // start though there is less on disk than there was
	Log       *slog.Logger // discarded if nil
}

// A Server is a Redis that this process brought along.
type Server struct {
	url         string
	description string
	close       func() error
}

// Start brings up a Redis and returns when it answers. The context bounds the
// start only; the Redis runs until [Server.Close].
func Start(ctx context.Context, opts Options) (*Server, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Mode == Memory {
		return startMemory("as asked for", opts.Log)
	}
	binary, err := lookUp("redis-server", "valkey-server")
	switch {
	case err == nil:
		return startChild(ctx, binary, opts)
	case opts.Mode == Redis:
		return nil, fmt.Errorf("start the embedded Redis: %w; install one of them, set TURNWISE_REDIS_URL to a Redis that runs elsewhere, "+
			"or accept with TURNWISE_EMBEDDED=memory that nothing is kept", err)
	default:
		return startMemory("because "+err.Error(), opts.Log)
	}
}

// URL returns how to reach the Redis, as redisconn.Open reads it. It may
// contain a password.
func (s *Server) URL() string { return s.url }

// Describe says in one line which Redis it is and what that means for the
// data.
func (s *Server) Describe() string { return s.description }

// Close stops the Redis and returns when it has ended. It may be called again.
func (s *Server) Close() error { return s.close() }

// lookUp returns the path of the first of the programs that is installed.
func lookUp(names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither redis-server nor valkey-server is on PATH")
}
