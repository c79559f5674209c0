package redisconn_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/redisconn"
	"github.com/turnwise/turnwise/internal/redistest"
)

// What keeps the first contact from being made is told with its cause.
func TestDiagnose(t *testing.T) {
	t.Parallel()

	secured := httptest.NewTLSServer(nil)
	t.Cleanup(secured.Close)
	p, locked := redistest.Server(t), redistest.Server(t)
	if err := locked.Client().ConfigSet(t.Context(), "requirepass", "x").Err(); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, url, want string }{
		{"TLS that is not expected", "rediss://" + p.Addr, "does not speak TLS; use redis://"},
		{"TLS that is expected", "redis://" + strings.TrimPrefix(secured.URL, "https://"), "speaks TLS; use rediss://"},
		{"nobody there", "redis://127.0.0.1:1", "Nobody answers at 127.0.0.1:1"},
		{"password missing", "redis://" + locked.Addr, "wants a password (NOAUTH)"},
		{"password wrong", "redis://:y@" + locked.Addr, "refuses the user or the password (WRONGPASS)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			_, err := redisconn.Inspect(t.Context(), open(t, tt.url))
			if err == nil {
				t.Fatal("Inspect found a Redis")
			}
			if got := redisconn.Diagnose(t.Context(), tt.url, err).Error(); !strings.Contains(got, tt.want) {
				t.Errorf("Diagnose = %s, want %s", got, tt.want)
			}
		})
	}
}
