// Package spelling finds the name that somebody meant.
package spelling

import (
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// Nearest returns which of the known names is most like the given one, "" if there
// is none. Case, and marks that are no letters and digits, do not matter.
func Nearest(name string, known []string) string {
	const (
		longest  = 64 // bytes that somebody may have meant
		farthest = 1 << 10
	)
	nearest, least := "", farthest
	plain := lettersOf(name)
	if plain == "" || len(plain) > longest {
		return ""
	}
	for _, k := range known {
		other := lettersOf(k)
		distance := levenshtein.ComputeDistance(plain, other)
		if strings.HasPrefix(other, plain) || strings.HasPrefix(plain, other) || strings.HasSuffix(plain, other) {
			distance = min(distance, 2)
		}
		if distance < least && distance <= max(2, utf8.RuneCountInString(other)/3) {
			nearest, least = k, distance
		}
	}
	return nearest
}

// lettersOf returns the letters and digits of a name, in small letters.
func lettersOf(name string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}
