package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// output writes results.
type output struct {
	w      io.Writer
	json   bool // for programs
	colour bool
}

// output returns where the results of the command go. There is colour on a
// terminal only, and not if NO_COLOR is set.
func (a *app) output() output {
	noColor, _ := a.lookup("NO_COLOR")
	return output{
		w:      a.io.out,
		json:   a.global.output == "json",
		colour: noColor == "" && terminal(a.io.out),
	}
}

// warn tells people something beside the result.
func (a *app) warn(format string, args ...any) {
	fmt.Fprintln(a.io.err, "enqueue:", clean(fmt.Sprintf(format, args...)))
}

// document writes v as one line of JSON.
func (o output) document(v any) error {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode the result: %w", err)
	}
	return o.write(line.Bytes())
}

// linef writes one line for people.
func (o output) linef(format string, args ...any) error {
	return o.write([]byte(fmt.Sprintf(format, args...) + "\n"))
}

func (o output) write(b []byte) error {
	if _, err := o.w.Write(b); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// table writes rows in columns, for people.
func (o output) table(rows [][]string) error {
	var text bytes.Buffer
	t := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = clean(cell)
		}
		fmt.Fprintln(t, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	_ = t.Flush() // writing to memory does not fail
	return o.write(text.Bytes())
}

// paint colours s by how the thing it stands for goes, if there is colour.
func (o output) paint(s string, m mood) string {
	if !o.colour || m == plain {
		return s
	}
	return string(m) + s + "\x1b[0m"
}

// mood is how something goes: the escape sequence that shows it.
type mood string

const (
	plain mood = ""
	good  mood = "\x1b[32m"
	bad   mood = "\x1b[31m"
	going mood = "\x1b[33m"
)

// clean makes what somebody else wrote fit for one line of a terminal:
// control characters, which could rewrite the screen, become blanks.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// instant writes a time for people: UTC, like the times of the API.
func instant(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05.000Z")
}

// terminal reports whether f is a character device, which is near enough: of
// the others, only /dev/null is at all common, and it does not mind.
func terminal(f any) bool {
	file, ok := f.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
