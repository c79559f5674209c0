package output

import (
	"fmt"

	"github.com/turnwise/turnwise/client"
)

// A Colour is the escape sequence that switches it on.
type Colour string

// The colours, by what they stand for.
const (
	Plain  Colour = ""
	Green  Colour = "\x1b[32m" // success
	Red    Colour = "\x1b[31m" // failure
	Yellow Colour = "\x1b[33m" // in progress
)

// Paint returns s in the colour, or s alone if the Printer has no colours.
func (p Printer) Paint(s string, c Colour) string {
	if !p.Colour || c == Plain {
		return s
	}
	return string(c) + s + "\x1b[0m"
}

// Status returns the status of a job in its colour, padded to the width of the
// longest one.
func (p Printer) Status(s client.Status) string {
	return p.Paint(fmt.Sprintf("%-11s", Clean(string(s))), colourOf(s))
}

// colourOf returns the colour of a status: of a job, a delivery, a lane or an
// endpoint.
func colourOf(s client.Status) Colour {
	switch s {
	case client.Completed, "delivered":
		return Green
	case client.Failed, "dead", "failing":
		return Red
	case client.InProgress, "held", "paused":
		return Yellow
	default:
		return Plain
	}
}
