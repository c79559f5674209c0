package chart_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/console/chart"
)

func TestScale(t *testing.T) {
	t.Parallel()

	tests := []struct {
		values []float64
		want   float64
	}{
		{nil, 1},
		{[]float64{0, 0}, 1},
		{[]float64{1, 0.2}, 1},
		{[]float64{1.1}, 2},
		{[]float64{3}, 5},
		{[]float64{7}, 10},
		{[]float64{420, 10}, 500},
	}
	for _, tt := range tests {
		if got := chart.Scale(tt.values); got != tt.want {
			t.Errorf("Scale(%v) = %v, want %v", tt.values, got, tt.want)
		}
	}
}

// What is drawn is well-formed, whatever the label says, and has no style or script.
func TestDrawings(t *testing.T) {
	t.Parallel()

	const label = `"><script>alert(1)</script>`
	for name, svg := range map[string]string{
		"line":    string(chart.Line(label, []float64{1, 3, 2})),
		"no line": string(chart.Line(label, nil)),
		"bar":     string(chart.Bar(label, chart.Part{Class: "a", Value: 1}, chart.Part{Class: "b", Value: 3})),
		"no bar":  string(chart.Bar(label)),
	} {
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v in %s", name, err, svg)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if start.Name.Local == "script" {
				t.Errorf("%s has a script: %s", name, svg)
			}
			for _, a := range start.Attr {
				if a.Name.Local == "style" {
					t.Errorf("%s has a style: %s", name, svg)
				}
				if a.Name.Local == "aria-label" && a.Value != label {
					t.Errorf("%s: the label is %q, want %q", name, a.Value, label)
				}
			}
		}
	}
	if got := string(chart.Line("", []float64{0, 5, 10})); !strings.Contains(got, `d="M0 64 L120 34 L240 4"`) {
		t.Errorf("the line is %s", got)
	}
	if got := string(chart.Bar("", chart.Part{Class: "a", Value: 1}, chart.Part{Class: "b", Value: 3})); !strings.Contains(got, `class="b" x="60" y="0" width="180"`) {
		t.Errorf("the bar is %s", got)
	}
}
