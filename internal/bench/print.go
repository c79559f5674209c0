package bench

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// A column is one kind of figure of a section's table.
type column struct {
	title string
	cell  func(Result) string
}

// noFigure is what stands where nothing was measured.
const noFigure = "–"

// columns are those of a section. Its table leaves out what none of its
// workloads has.
func columns(s Section) []column {
	figure := func(format string, of func(Result) float64) func(Result) string {
		return func(r Result) string {
			if v := of(r); v > 0 {
				return fmt.Sprintf(format, v)
			}
			return noFigure
		}
	}
	return []column{
		{"jobs", figure("%.0f", func(r Result) float64 { return float64(r.Median.Jobs) })},
		{"rate/s", figure("%.0f", func(r Result) float64 { return r.Median.Rate })},
		{s.versus(), figure("%.2f", func(r Result) float64 { return r.Median.Ratio })},
		{"min–max", spread},
		{"p50 ms", figure("%.2f", func(r Result) float64 { return r.Median.P50 / 1000 })},
		{"p99 ms", figure("%.2f", func(r Result) float64 { return r.Median.P99 / 1000 })},
		{"Redis µs", figure("%.1f", func(r Result) float64 { return r.Median.RedisCPU })},
		{"commands", figure("%.2f", func(r Result) float64 { return r.Median.Commands })},
		{"scripts", figure("%.2f", func(r Result) float64 { return r.Median.Scripts })},
		{"trips", figure("%.2f", func(r Result) float64 { return r.Median.RoundTrips })},
		{"B in", figure("%.0f", func(r Result) float64 { return r.Median.BytesIn })},
		{"B out", figure("%.0f", func(r Result) float64 { return r.Median.BytesOut })},
		{"own µs", figure("%.1f", func(r Result) float64 { return r.Median.OwnCPU })},
		{"allocs", figure("%.0f", func(r Result) float64 { return r.Median.Allocations })},
		{"violations", func(r Result) string { return fmt.Sprint(r.Median.Violations) }},
	}
}

// spread returns the smallest and the largest ratio.
func spread(r Result) string {
	if r.RatioMax == 0 {
		return noFigure
	}
	return fmt.Sprintf("%.2f–%.2f", r.RatioMin, r.RatioMax)
}

// Print writes the report for people: a table for each section.
func (r Report) Print(out io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%srounds: %d, scale: %g; each figure is the median of the rounds\n", r.Machine, r.Rounds, r.Scale)
	for _, s := range sections() {
		r.table(&text, s)
		r.figures(&text, s)
	}
	r.commands(&text)
	for n, s := range r.Skipped {
		if n == 0 {
			fmt.Fprintln(&text)
		}
		fmt.Fprintf(&text, "skipped: %s: %s\n", s.Name, s.Why)
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// table writes the workloads of a section, if there are any.
func (r Report) table(text *strings.Builder, s Section) {
	var rows []Result
	for _, w := range r.Workloads {
		if w.Section == s {
			rows = append(rows, w)
		}
	}
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(text, "\n%s\n", s.title())
	tab := tabwriter.NewWriter(text, 0, 0, 2, ' ', tabwriter.AlignRight)
	lines := make([]string, 1+len(rows))
	for n, w := range rows {
		lines[n+1] = w.Name + "\t"
	}
	lines[0] = "\t"
	for _, c := range columns(s) {
		cells, known := []string{c.title}, false
		for _, w := range rows {
			cells = append(cells, c.cell(w))
			known = known || c.cell(w) != noFigure
		}
		if !known {
			continue
		}
		for n, cell := range cells {
			lines[n] += cell + "\t"
		}
	}
	fmt.Fprintln(tab, strings.Join(lines, "\n"))
	_ = tab.Flush() // writing to memory does not fail
}

// figures writes what belongs to a section and to no job.
func (r Report) figures(text *strings.Builder, s Section) {
	tab := tabwriter.NewWriter(text, 0, 0, 2, ' ', tabwriter.AlignRight)
	first := true
	for _, f := range r.Figures {
		if f.Section != s {
			continue
		}
		if first && r.empty(s) {
			fmt.Fprintf(text, "\n%s\n", s.title())
		}
		first = false
		fmt.Fprintf(tab, "%s\t%s %s\t\n", f.Name, digits(f.Value), f.Unit)
	}
	_ = tab.Flush() // writing to memory does not fail
}

// leastCalls is how many calls of a command a job must cause to be told of.
const leastCalls = 0.05

// commands writes which commands of Redis a job consists of.
func (r Report) commands(text *strings.Builder) {
	tab := tabwriter.NewWriter(text, 0, 0, 2, ' ', 0)
	for n, w := range r.Workloads {
		var calls []string
		for _, command := range mostCalled(w.Median.ByCommand) {
			calls = append(calls, fmt.Sprintf("%s %.2f", command, w.Median.ByCommand[command]))
		}
		if n == 0 {
			fmt.Fprintln(tab, "\nThe commands of Redis in one job")
		}
		if len(calls) > 0 {
			fmt.Fprintf(tab, "  %s\t%s\t%s\n", w.Section, w.Name, strings.Join(calls, ", "))
		}
	}
	_ = tab.Flush() // writing to memory does not fail
}

// mostCalled sorts commands by their calls, and leaves the rare ones out.
func mostCalled(calls map[string]float64) []string {
	often := slices.DeleteFunc(slices.Sorted(maps.Keys(calls)), func(command string) bool { return calls[command] < leastCalls })
	slices.SortStableFunc(often, func(a, b string) int { return cmp.Compare(calls[b], calls[a]) })
	return often
}

// digits writes a value with as many as it is worth.
func digits(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}

// empty reports whether no workload of a section was run.
func (r Report) empty(s Section) bool {
	for _, w := range r.Workloads {
		if w.Section == s {
			return false
		}
	}
	return true
}
