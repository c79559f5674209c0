package webhooks

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/turnwise/turnwise/internal/bench"
)

// A Report is everything that a run has found out.
type Report struct {
	Machine bench.Machine `json:"machine"`
	Scale   float64       `json:"scale"`
	Figures []Figure      `json:"figures"`
}

// A Figure is one that was measured.
type Figure struct {
	Row   string   `json:"row"`
	Name  string   `json:"name"`
	Value float64  `json:"value"`
	Unit  string   `json:"unit,omitempty"`
	Least *float64 `json:"least,omitempty"` // that it must be
	Most  *float64 `json:"most,omitempty"`
}

func (f Figure) most(bound float64) Figure {
	f.Most = &bound
	return f
}

func (f Figure) least(bound float64) Figure {
	f.Least = &bound
	return f
}

// good reports whether a figure is as it must be.
func (f Figure) good() bool {
	return (f.Most == nil || f.Value <= *f.Most) && (f.Least == nil || f.Value >= *f.Least)
}

func count(name string, n int) Figure { return Figure{Name: name, Value: float64(n)} }

// millis is a quantile of sorted times.
func millis(name string, all []time.Duration, part float64) Figure {
	return Figure{Name: name, Value: quantile(all, part), Unit: "ms"}
}

// ratio is that of the quantiles of sorted times.
func ratio(name string, beside, alone []time.Duration, part float64) Figure {
	return Figure{Name: name, Value: quantile(beside, part) / max(quantile(alone, part), 0.001)}
}

// quantile returns that of sorted times, in milliseconds.
func quantile(all []time.Duration, part float64) float64 {
	if len(all) == 0 {
		return 0
	}
	return float64(all[min(int(part*float64(len(all))), len(all)-1)].Microseconds()) / 1000
}

// Flaws counts the figures that are not as they must be.
func (r Report) Flaws() (n int) {
	for _, f := range r.Figures {
		if !f.good() {
			n++
		}
	}
	return n
}

// Print writes the report for people.
func (r Report) Print(out io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%sscale: %g\n", r.Machine, r.Scale)
	tab := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	row := ""
	for _, f := range r.Figures {
		if f.Row != row {
			row = f.Row
			_ = tab.Flush() // writing to memory does not fail
			fmt.Fprintf(&text, "\n%s\n", row)
		}
		fmt.Fprintf(tab, "  %s\t%s\t%s\n", f.Name, strings.TrimSpace(f.number()+" "+f.Unit), f.verdict())
	}
	_ = tab.Flush()
	_, err := io.WriteString(out, text.String())
	return err
}

func (f Figure) number() string {
	if f.Value == float64(int64(f.Value)) && f.Unit == "" {
		return fmt.Sprintf("%.0f", f.Value)
	}
	return fmt.Sprintf("%.2f", f.Value)
}

// verdict says what a figure must be, and whether it is.
func (f Figure) verdict() string {
	wanted := ""
	switch {
	case f.Most != nil:
		wanted = fmt.Sprintf("at most %g", *f.Most)
	case f.Least != nil:
		wanted = fmt.Sprintf("at least %g", *f.Least)
	}
	if !f.good() {
		wanted += ": NOT SO"
	}
	return wanted
}
