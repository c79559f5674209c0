package ops_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/telemetry/ops"
)

// A page in a browser that has its own name lead to the ops listener reads
// nothing there.
func TestCheckHost(t *testing.T) {
	t.Parallel()

	h := ops.CheckHost(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }),
		[]string{"Worker.internal", ""})
	tests := []struct {
		host string
		want int
	}{
		{"127.0.0.1:8081", 204},
		{"10.1.2.3", 204},
		{"[::1]:8081", 204},
		{"[2001:db8::1]", 204},
		{"localhost:8081", 204},
		{"LOCALHOST.", 204},
		{"turnwise.localhost:8081", 204},
		{"worker.internal:8081", 204},
		{"", 204}, // HTTP/1.0
		{"evil.example:8081", 421},
		{"evil.example", 421},
		{"localhost.evil.example", 421},
		{"127.0.0.1.evil.example:8081", 421},
		{"evillocalhost", 421},
		{"worker", 421},
	}
	for _, tt := range tests {
		t.Run(tt.host, func(t *testing.T) {
			t.Parallel()

			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			r.Host = tt.host
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.want || tt.want == 421 && !strings.Contains(w.Body.String(), "TURNWISE_OPS_HOSTS") {
				t.Errorf("answered %d %q, want %d", w.Code, w.Body, tt.want)
			}
		})
	}
}
