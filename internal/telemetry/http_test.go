package telemetry_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/turnwise/turnwise/internal/telemetry"
)

func TestHTTPRequestLabels(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name          string
		route, method string
		code          int
		want          string
	}{
		{
			name:  "pattern",
			route: "/v1/job/{jobId}", method: "GET", code: 200,
			want: "http_requests_total{2xx,GET,/v1/job/{jobId}}",
		},
		{
			name:  "no pattern",
			route: "", method: "GET", code: 404,
			want: "http_requests_total{4xx,GET,other}",
		},
		{
			name:  "invented method",
			route: "/v1/job/{jobId}", method: "BREW", code: 405,
			want: "http_requests_total{4xx,other,/v1/job/{jobId}}",
		},
		{
			name:  "code that cannot be",
			route: "/v1/job/{jobId}", method: "GET", code: 0,
			want: "http_requests_total{5xx,GET,/v1/job/{jobId}}",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			reg := prometheus.NewRegistry()
			m := telemetry.New(reg)
			before := series(t, reg)
			m.HTTPRequest(tt.route, tt.method, tt.code, time.Second)
			moved := moves(before, series(t, reg))
			if moved[tt.want] != 1 {
				t.Errorf("HTTPRequest(%q, %q, %d) moved %v, want %s by 1", tt.route, tt.method, tt.code, moved, tt.want)
			}
			(*telemetry.Metrics)(nil).HTTPRequest(tt.route, tt.method, tt.code, time.Second)
		})
	}
}

// A rate misses the first failure of a route unless the series stood at zero
// before.
func TestRouteComesWithEveryClass(t *testing.T) {
	t.Parallel()

	reg := prometheus.NewRegistry()
	telemetry.New(reg).HTTPRequest("/v1/process/text", "POST", 201, time.Millisecond)
	all := series(t, reg)
	for _, class := range []string{"1xx", "3xx", "4xx", "5xx"} {
		name := "http_requests_total{" + class + ",POST,/v1/process/text}"
		if v, ok := all[name]; !ok || v != 0 {
			t.Errorf("%s = %v, %t; want 0, true", name, v, ok)
		}
	}
}

func TestRoutesAreBounded(t *testing.T) {
	t.Parallel()

	reg := prometheus.NewRegistry()
	m := telemetry.New(reg)
	for n := range 1000 {
		m.HTTPRequest("/"+strconv.Itoa(n), "GET", 200, time.Millisecond)
	}
	all := series(t, reg)
	if len(all) > 2000 {
		t.Errorf("1000 routes made %d series, want a bound", len(all))
	}
	if got := all["http_requests_total{2xx,GET,other}"]; got != 800 {
		t.Errorf("requests that count as other = %v, want 800", got)
	}
}
