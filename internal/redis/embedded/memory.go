package embedded

import (
	"crypto/rand"
	"fmt"
	"net/url"

	"github.com/alicebob/miniredis/v2"
)

// startMemory runs miniredis on a port of loopback. It has a password, because
// other users of the machine can reach that too.
func startMemory(reason string) (*Server, error) {
	m := miniredis.NewMiniRedis()
	m.ClockTTL(true) // else keys would never expire
	password := rand.Text()
	m.RequireAuth(password)
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start a Redis in memory: %w", err)
	}
	address := url.URL{Scheme: "redis", User: url.UserPassword("", password), Host: m.Addr()}
	return &Server{
		url: address.String(),
		description: fmt.Sprintf("Redis is embedded, in memory, %s: everything is lost when this process ends; "+
			"install redis-server or set TURNWISE_REDIS_URL to keep it", reason),
		close: func() error { m.Close(); return nil },
	}, nil
}
