package redistest

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// New returns a client of a fresh miniredis that ends with the test. Its
// connections are pipes in memory, so that it may be made inside a bubble of
// testing/synctest, where keys expire as the clock of the bubble moves.
func New(t testing.TB) redis.UniversalClient {
	t.Helper()
	m := miniredis.NewMiniRedis()
	m.ClockTTL(true)
	t.Cleanup(m.Close)
	opts := options("127.0.0.1:6379") // never dialled
	opts.Dialer = func(context.Context, string, string) (net.Conn, error) {
		conn, err := m.Dial()
		if err != nil {
			return nil, err
		}
		return newRoomy(conn), nil
	}
	return closed(t, redis.NewClient(opts))
}

// Real returns a client of a redis-server process that ends with the test.
func Real(t testing.TB) redis.UniversalClient {
	t.Helper()
	return Server(t).Client()
}

// Each runs the test twice, as the parallel subtests "miniredis" and "redis".
// The test must not call t.Parallel itself.
func Each(t *testing.T, test func(t *testing.T, rdb redis.UniversalClient)) {
	t.Helper()
	t.Run("miniredis", func(t *testing.T) {
		t.Parallel()
		test(t, New(t))
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		test(t, Real(t))
	})
}

// options are those of the product as far as a test can tell: deadlines are
// kept and nothing is repeated behind the caller's back.
func options(addr string) *redis.Options {
	return &redis.Options{
		Addr:                  addr,
		ContextTimeoutEnabled: true,
		MaxRetries:            -1,
		DialerRetries:         1,
		DialTimeout:           2 * time.Second,
		ReadTimeout:           5 * time.Second,
		WriteTimeout:          5 * time.Second,
		PoolSize:              100,
		DisableIdentity:       true,
		MaintNotificationsConfig: &maintnotifications.Config{
			Mode: maintnotifications.ModeDisabled,
		},
	}
}

// closed closes the client when the test ends.
func closed(t testing.TB, rdb redis.UniversalClient) redis.UniversalClient {
	t.Helper()
	t.Cleanup(func() {
		if err := rdb.Close(); err != nil {
			t.Errorf("close the Redis client: %v", err)
		}
	})
	return rdb
}
