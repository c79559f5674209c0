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
	"unicode/utf8"

	"github.com/turnwise/turnwise/client"
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

// Table writes rows in columns, for people. A cell that is a status has its colour.
func (p Printer) Table(rows [][]string) error {
	cells := make([][]string, len(rows))
	for i, row := range rows {
		for _, cell := range row {
			cells[i] = append(cells[i], Clean(cell))
		}
		for n := len(cells[i]); n > 0 && cells[i][n-1] == ""; n-- {
			cells[i] = cells[i][:n-1]
		}
	}
	var text bytes.Buffer
	for i, row := range cells {
		for column, cell := range row {
			text.WriteString(p.Paint(cell, colourOf(client.Status(cell))))
			if column < len(row)-1 {
				text.WriteString(strings.Repeat(" ", width(cells, i, column)-utf8.RuneCountInString(cell)))
			}
		}
		text.WriteByte('\n')
	}
	return p.Write(text.Bytes())
}

// gap is what parts two columns.
const gap = 2

// width returns that of a column at a row: as wide as its widest cell in the rows
// around that have the column, and another one behind it.
func width(rows [][]string, row, column int) int {
	has := func(i int) bool { return i >= 0 && i < len(rows) && len(rows[i]) > column+1 }
	widest := 0
	first := row
	for has(first - 1) {
		first--
	}
	for i := first; has(i); i++ {
		widest = max(widest, utf8.RuneCountInString(rows[i][column]))
	}
	return widest + gap
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
