// Package chart draws small charts as SVG, without a script and without a
// style of its own: a page colours them by their classes.
//
// What is drawn holds numbers alone, so it needs no escaping.
package chart

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// The coordinates of a drawing. It is stretched to the width of its place, so
// lines keep their width by vector-effect.
const (
	width  = 240
	height = 64
	top    = 4 // above the highest value
)

// Line draws values as a line over an area, the oldest at the left. The scale
// begins at zero and ends at a round number above the highest value. label is
// what screen readers tell; it is escaped.
func Line(label string, values []float64) template.HTML {
	highest := Scale(values)
	var line strings.Builder
	step := float64(width) / float64(max(len(values)-1, 1))
	for i, v := range values {
		fmt.Fprintf(&line, "%s%s %s", command(i), number(float64(i)*step), number(y(v, highest)))
	}
	if len(values) == 0 {
		fmt.Fprintf(&line, "M0 %d", height)
	}
	d := line.String()
	return template.HTML(fmt.Sprintf( //nolint:gosec // label is escaped, all else are numbers
		`<svg class="chart" viewBox="0 0 %d %d" preserveAspectRatio="none" role="img" aria-label="%s">`+
			`<path class="grid" d="M0 %[4]s H%[1]d M0 %[5]s H%[1]d"/>`+
			`<path class="area" d="%[6]s L%[1]d %[2]d L0 %[2]d Z"/>`+
			`<path class="line" d="%[6]s" vector-effect="non-scaling-stroke"/></svg>`,
		width, height, template.HTMLEscapeString(label), number(y(highest, highest)), number(y(highest/2, highest)), d))
}

func command(i int) string {
	if i == 0 {
		return "M"
	}
	return " L"
}

// y returns the height of a value.
func y(v, highest float64) float64 { return height - v/highest*(height-top) }

// number writes a coordinate with one decimal at most.
func number(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

// Scale returns the round number at which the scale of a chart of values ends: 1, 2
// or 5 times a power of ten, and 1 at least.
func Scale(values []float64) float64 {
	highest := 1.0
	for _, v := range values {
		highest = max(highest, v)
	}
	power := math.Pow(10, math.Floor(math.Log10(highest)))
	for _, m := range [...]float64{1, 2, 5} {
		if m*power >= highest {
			return m * power
		}
	}
	return 10 * power
}

// A Part is a share of a [Bar], with the class that colours it.
type Part struct {
	Class string
	Value float64
}

// Bar draws parts side by side, as long as their shares of the whole. Nothing is
// drawn of an empty whole. A class is one of the caller's own.
func Bar(label string, parts ...Part) template.HTML {
	var whole, at float64
	for _, p := range parts {
		whole += p.Value
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="bar" viewBox="0 0 %d 8" preserveAspectRatio="none" role="img" aria-label="%s">`, width, template.HTMLEscapeString(label))
	for _, p := range parts {
		if whole <= 0 || p.Value <= 0 {
			continue
		}
		length := p.Value / whole * width
		fmt.Fprintf(&b, `<rect class="%s" x="%s" y="0" width="%s" height="8"/>`, template.HTMLEscapeString(p.Class), number(at), number(length))
		at += length
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // label and class are escaped, all else are numbers
}
