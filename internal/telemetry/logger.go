package telemetry

import (
	"fmt"
	"io"
	"log/slog"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// NewLogger returns a logger that writes to w, one line per record, what is at
// least as grave as level: debug, info, warn or error. The format is text or
// json.
//
// Values may come from strangers. Neither format lets one end the line or
// reach a terminal's controls: what does not print is written as an escape, of
// which a reader of the format gets the value back.
func NewLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	l, err := parseLevel(level)
	if err != nil {
		return nil, err
	}
	opts := &slog.HandlerOptions{Level: l}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, opts)), nil // quotes what does not print
	case "json":
		return slog.New(slog.NewJSONHandler(escaper{w}, opts)), nil
	default:
		return nil, fmt.Errorf("log format %q is unknown: want text or json", format)
	}
}

func parseLevel(name string) (slog.Level, error) {
	switch name {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	default:
		return 0, fmt.Errorf("log level %q is unknown: want debug, info, warn or error", name)
	}
}

// An escaper writes JSON with the characters that do not print as \u escapes,
// which changes no value: outside strings JSON is ASCII. The encoder of slog
// escapes the controls of ASCII but leaves the others, and the format
// characters that turn or hide text, as they are.
type escaper struct{ w io.Writer }

// Write implements [io.Writer]. The handler hands over one record per call.
func (e escaper) Write(line []byte) (int, error) {
	if escaped, changed := escape(line); changed {
		if _, err := e.w.Write(escaped); err != nil {
			return 0, err
		}
		return len(line), nil
	}
	return e.w.Write(line)
}

// escape returns the line with its unprintable characters escaped, and whether
// there were any. Most lines are ASCII and cost one look at each byte.
func escape(line []byte) (escaped []byte, changed bool) {
	kept := 0 // the line up to here is in escaped
	for i := 0; i < len(line); {
		if line[i] < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRune(line[i:])
		if !unicode.IsPrint(r) {
			escaped = appendEscape(append(escaped, line[kept:i]...), r)
			kept = i + size
		}
		i += size
	}
	if kept == 0 {
		return nil, false
	}
	return append(escaped, line[kept:]...), true
}

func appendEscape(b []byte, r rune) []byte {
	if r1, r2 := utf16.EncodeRune(r); r1 != unicode.ReplacementChar {
		return fmt.Appendf(b, `\u%04x\u%04x`, r1, r2)
	}
	return fmt.Appendf(b, `\u%04x`, r)
}
