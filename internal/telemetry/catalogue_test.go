package telemetry_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/telemetry"
)

var update = flag.Bool("update", false, "write testdata/metrics.golden and docs/metrics.md anew")

const (
	goldenFile = "testdata/metrics.golden"
	docsFile   = "../../docs/metrics.md"
	docsBegin  = "<!-- metrics: begin, written by go test ./internal/telemetry -update -->\n"
	docsEnd    = "<!-- metrics: end -->\n"
)

// A metric is an entry of the catalogue.
type metric struct {
	name, kind, help string
	labels           []label
}

// A label has the values with which it is exported at start; none if they
// depend on the build or, like routes, come with the traffic.
type label struct {
	name   string
	values []string
}

func (l label) String() string {
	if len(l.values) == 0 {
		return l.name
	}
	return l.name + "=" + strings.Join(l.values, "|")
}

// catalogue returns every metric as a process exports it before anything
// happened, so what is missing here is missing at start.
func catalogue(t *testing.T) []metric {
	t.Helper()
	reg := prometheus.NewRegistry()
	telemetry.New(reg).RegisterLanes(reg, lanes{})
	var ms []metric
	for _, family := range gather(t, reg) {
		m := metric{
			name: family.GetName(),
			kind: strings.ToLower(family.GetType().String()),
			help: family.GetHelp(),
		}
		for _, pair := range family.GetMetric()[0].GetLabel() {
			m.labels = append(m.labels, label{pair.GetName(), labelSet(family, pair.GetName())})
		}
		ms = append(ms, m)
	}
	return ms
}

// labelSet returns the values of a label, sorted, if they are always the same.
func labelSet(family *dto.MetricFamily, name string) []string {
	if strings.HasSuffix(family.GetName(), "build_info") || name == "route" || name == "method" || name == "account" {
		return nil
	}
	var values []string
	for _, m := range family.GetMetric() {
		for _, pair := range m.GetLabel() {
			if pair.GetName() == name {
				values = append(values, pair.GetValue())
			}
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

func TestCatalogue(t *testing.T) {
	t.Parallel()

	var got strings.Builder
	for _, m := range catalogue(t) {
		fmt.Fprintf(&got, "%s %s %v\n\t%s\n", m.name, m.kind, m.labels, m.help)
	}
	if *update {
		write(t, goldenFile, got.String())
	}
	if want := read(t, goldenFile); got.String() != want {
		t.Errorf("the catalogue is\n%s\nand %s\n%s\nMetrics are an interface: if the change is meant, run the test with -update.",
			got.String(), goldenFile, want)
	}
}

func TestDocsListTheCatalogue(t *testing.T) {
	t.Parallel()

	var table strings.Builder
	table.WriteString("| metric | type | labels | meaning |\n|---|---|---|---|\n")
	for _, m := range catalogue(t) {
		var labels []string
		for _, l := range m.labels {
			labels = append(labels, strings.TrimSpace("`"+l.name+"` "+strings.Join(l.values, ", ")))
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s |\n", m.name, m.kind, strings.Join(labels, "; "), m.help)
	}
	docs := read(t, docsFile)
	before, rest, begun := strings.Cut(docs, docsBegin)
	got, after, ended := strings.Cut(rest, docsEnd)
	if !begun || !ended {
		t.Fatalf("%s has no block between %q and %q", docsFile, docsBegin, docsEnd)
	}
	if *update {
		write(t, docsFile, before+docsBegin+table.String()+docsEnd+after)
		return
	}
	if got != table.String() {
		t.Errorf("%s lists\n%s\nand the catalogue is\n%s\nRun the test with -update.", docsFile, got, table.String())
	}
}

func TestLint(t *testing.T) {
	t.Parallel()

	reg := prometheus.NewPedanticRegistry()
	telemetry.New(reg).RegisterLanes(reg, lanes{})
	problems, err := testutil.GatherAndLint(reg)
	if err != nil {
		t.Fatalf("gather: %v", err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func gather(t *testing.T, g prometheus.Gatherer) []*dto.MetricFamily {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatalf("gather: %v", err)
	}
	return families
}

// Lanes is what Redis answers: the same for every kind of lane.
type lanes struct {
	pending int64
	oldest  time.Duration
	silent  int
	err     error

	endpoints map[lane.EndpointState]int64
}

func (l lanes) LaneStats(context.Context, lane.Kind) (lane.Stats, error) {
	return lane.Stats{Pending: l.pending, Oldest: l.oldest, Silent: l.silent, Endpoints: l.endpoints}, l.err
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
