package output

import (
	"os"
	"strings"
	"time"
	"unicode"
)

// Clean makes text of others fit for one line of a terminal: control
// characters become blanks.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// Time writes a time for people: UTC, like the times of the API.
func Time(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05.000Z")
}

// IsTerminal reports whether f is a character device. That is close enough: of
// the others only /dev/null is common, and it takes colours as well.
func IsTerminal(f any) bool {
	file, ok := f.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
