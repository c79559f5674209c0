package bench

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/telemetry"
)

// A Machine is where a run took place: without it no figure means anything.
type Machine struct {
	CPU         string `json:"cpu"`
	Cores       int    `json:"cores"`
	Load        string `json:"loadAtStart"` // averages of one, five and fifteen minutes
	Go          string `json:"go"`
	Redis       string `json:"redis"`
	Persistence string `json:"persistence"`
	Turnwise    string `json:"turnwise"`
}

// unknown stands for what the system does not tell.
const unknown = "unknown"

// Inspect says where this process and a Redis run.
func Inspect(ctx context.Context, rdb redis.UniversalClient) (Machine, error) {
	report, err := redisconn.Inspect(ctx, rdb)
	if err != nil {
		return Machine{}, err
	}
	m := Machine{
		CPU: cpuModel(), Cores: runtime.GOMAXPROCS(0), Load: loadAverage(),
		Go: runtime.Version(), Redis: unknown, Persistence: unknown, Turnwise: telemetry.Version(),
	}
	if len(report.Nodes) > 0 {
		m.Redis, m.Persistence = report.Nodes[0].Version, persistence(report.Nodes[0])
	}
	return m, nil
}

// persistence says what a Redis writes to disk, and when.
func persistence(n redisconn.Node) string {
	switch {
	case n.AppendOnly:
		return "append-only file, appendfsync " + n.AppendFsync
	case n.Save != "":
		return "snapshots"
	default:
		return "none"
	}
}

// cpuModel returns what Linux calls the processor.
func cpuModel() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return unknown
	}
	for line := range strings.Lines(string(info)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return unknown
}

// loadAverage returns how many threads wanted a core of late.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return unknown
	}
	if fields := strings.Fields(string(text)); len(fields) >= 3 {
		return strings.Join(fields[:3], " ")
	}
	return unknown
}

// String returns the heading of a report.
func (m Machine) String() string {
	return fmt.Sprintf("%s, %d cores, load %s at the start\n%s, Redis %s, persistence: %s\nTurnwise %s\n",
		m.CPU, m.Cores, m.Load, m.Go, m.Redis, m.Persistence, m.Turnwise)
}
