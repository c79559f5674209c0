package telemetry

import (
	"cmp"
	"runtime"
	"runtime/debug"

	"github.com/prometheus/client_golang/prometheus"
)

// Version returns which build runs, as far as the Go tool has recorded it.
func Version() string { return buildLabels()["version"] }

// buildLabels says which build runs, as far as the Go tool has recorded it.
func buildLabels() prometheus.Labels {
	var version, revision string
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	return prometheus.Labels{
		"version":   cmp.Or(version, "unknown"),
		"revision":  cmp.Or(revision, "unknown"),
		"goversion": runtime.Version(),
	}
}
