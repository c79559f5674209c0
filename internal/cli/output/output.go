// Package output writes the results of enqueue: text for people, or one JSON
// document per line for programs.
//
// Whatever goes to a terminal and was written by somebody else passes
// [Clean], because control characters in it could rewrite the screen, and those that
// override the direction of text could show something else than what is there. The
// methods for tables and for documents do so themselves.
package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// A Printer writes results.
type Printer struct {
	Out    io.Writer
	JSON   bool // for programs
	Colour bool
}

// Document writes v as one line of JSON.
func (p Printer) Document(v any) error {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode the result: %w", err)
	}
	return p.Write(cleanJSON(line.Bytes()))
}

// Linef writes one line for people.
func (p Printer) Linef(format string, args ...any) error {
	return p.Write([]byte(fmt.Sprintf(format, args...) + "\n"))
}

// Write writes b as it is.
func (p Printer) Write(b []byte) error {
	if _, err := p.Out.Write(b); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// Table writes rows in columns, for people.
func (p Printer) Table(rows [][]string) error {
	var text bytes.Buffer
	t := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = Clean(cell)
		}
		fmt.Fprintln(t, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	_ = t.Flush() // writing to memory does not fail
	return p.Write(text.Bytes())
}

// Show writes a document of the API: unchanged for programs, and for people as
// text writes it.
func Show[A any](p Printer, document json.RawMessage, text func(Printer, A) error) error {
	if p.JSON {
		return p.Document(document)
	}
	var a A
	if err := json.Unmarshal(document, &a); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return text(p, a)
}
