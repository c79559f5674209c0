package ops_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/turnwise/turnwise/internal/telemetry/ops"
)

func TestReady(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		note string
		err  error
		code int
		body string
	}{
		{name: "ready", code: 200, body: "ok\n"},
		{name: "ready, with a note", note: "Data was lost.", code: 200, body: "ok\nData was lost.\n"},
		{name: "shutting down", err: ops.Stopping, code: 503, body: "The process is shutting down.\n"},
		{
			name: "reason within a chain",
			err:  fmt.Errorf("ask 10.1.2.3:6379: %w", ops.NotReady("Redis is loading its data.")),
			code: 503, body: "Redis is loading its data.\n",
		},
		{
			name: "error that names an address",
			err:  errors.New("dial tcp 10.1.2.3:6379: connect: connection refused"),
			code: 503, body: "Redis does not answer.\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			h := ops.Handler(prometheus.NewRegistry(), func(context.Context) (string, error) { return tt.note, tt.err })
			code, body := get(t, h, "/readyz")
			if code != tt.code || body != tt.body {
				t.Errorf("GET /readyz = %d %q, want %d %q", code, body, tt.code, tt.body)
			}
		})
	}
}

func TestReadyIsBounded(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		h := ops.Handler(prometheus.NewRegistry(), func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		})
		begin := time.Now()
		code, body := get(t, h, "/readyz")
		if took := time.Since(begin); took > time.Second {
			t.Errorf("GET /readyz took %v, want an answer that a prober waits for", took)
		}
		if code != http.StatusServiceUnavailable || body != "Redis does not answer.\n" {
			t.Errorf("GET /readyz = %d %q, want 503 and that Redis does not answer", code, body)
		}
	})
}

func TestHealthDoesNotAskForReadiness(t *testing.T) {
	t.Parallel()

	h := ops.Handler(prometheus.NewRegistry(), func(context.Context) (string, error) { return "", ops.Stopping })
	if code, body := get(t, h, "/healthz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("GET /healthz = %d %q, want 200 ok", code, body)
	}
}

func TestMetricsSurviveABrokenCollector(t *testing.T) {
	t.Parallel()

	reg := prometheus.NewRegistry()
	promauto.With(reg).NewCounter(prometheus.CounterOpts{Name: "sound_total", Help: "Sound."}).Inc()
	reg.MustRegister(broken{})
	code, body := get(t, ops.Handler(reg, always), "/metrics")
	if code != http.StatusOK || !strings.Contains(body, "sound_total 1") {
		t.Errorf("GET /metrics = %d %q, want 200 with sound_total 1", code, body)
	}
}

func TestProfiles(t *testing.T) {
	t.Parallel()

	tests := []struct {
		path string
		code int
	}{
		{path: "/debug/pprof/", code: 200},
		{path: "/debug/pprof/goroutine?debug=1", code: 200},
		{path: "/debug/pprof/heap", code: 200},
		{path: "/debug/pprof/symbol", code: 200},
		{path: "/debug/pprof/profile?seconds=1", code: 200},
		{path: "/debug/pprof/cmdline", code: 404},
		{path: "/", code: 404},
	}
	h := ops.Handler(prometheus.NewRegistry(), always)
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()

			if code, _ := get(t, h, tt.path); code != tt.code {
				t.Errorf("GET %s = %d, want %d", tt.path, code, tt.code)
			}
		})
	}
}

func TestOpsIsReadOnly(t *testing.T) {
	t.Parallel()

	h := ops.Handler(prometheus.NewRegistry(), always)
	for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, nil))
		if rec.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST %s = %d, want 405", path, rec.Code)
		}
	}
}

func get(t *testing.T, h http.Handler, path string) (code int, body string) {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	b, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		t.Fatalf("read the answer to %s: %v", path, err)
	}
	return rec.Code, string(b)
}

func always(context.Context) (string, error) { return "", nil }

// Broken is a collector that fails at every scrape.
type broken struct{}

func (broken) Describe(chan<- *prometheus.Desc) {}

func (broken) Collect(metrics chan<- prometheus.Metric) {
	desc := prometheus.NewDesc("broken", "Broken.", nil, nil)
	metrics <- prometheus.NewInvalidMetric(desc, errors.New("it is broken"))
}
