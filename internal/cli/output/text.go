package output

import (
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"

	"golang.org/x/term"
)

// Clean makes text of others fit for one line of a terminal: control
// characters become blanks, and what changes the direction of all that follows is
// shown as its escape, so that nobody reads something else than what is there.
func Clean(s string) string {
	if !strings.ContainsFunc(s, unfit) {
		return s
	}
	var clean strings.Builder
	for _, r := range s {
		switch {
		case isOverride(r):
			clean.WriteString(escape(r))
		case unicode.IsControl(r):
			clean.WriteByte(' ')
		default:
			clean.WriteRune(r)
		}
	}
	return clean.String()
}

func unfit(r rune) bool { return unicode.IsControl(r) || isOverride(r) }

// isOverride reports whether r embeds, overrides or isolates a direction, or ends
// that. Marks that only say which direction a character has are left.
func isOverride(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// escape writes r as JSON and Go do.
func escape(r rune) string { return fmt.Sprintf(`\u%04x`, r) }

// cleanJSON writes the characters of a document that a terminal takes for more than
// text as escapes, by which the document stays what it is: they can only be in its
// strings.
func cleanJSON(document []byte) []byte {
	s := string(document)
	special := func(r rune) bool { return r >= 0x7f && unfit(r) }
	if !strings.ContainsFunc(s, special) {
		return document
	}
	var clean strings.Builder
	for _, r := range s {
		if special(r) {
			clean.WriteString(escape(r))
		} else {
			clean.WriteRune(r)
		}
	}
	return []byte(clean.String())
}

// Time writes a time for people: UTC, like the times of the API.
func Time(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05.000Z")
}

// IsTerminal reports whether f is a terminal.
func IsTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
