package patterns

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// A phone number has from 7 to 15 digits after E.164, and some more with the
// prefix that is dialled before them. To check one costs some 50 µs, so of one
// text only the first that look like one are checked.
const (
	fewest = 7
	most   = 17
	widest = 3 // marks between two digits
	looked = 256
)

// phones appends the phone numbers of a text.
func (f *Finder) phones(to []Pattern, text string, others *occupied) []Pattern {
	checked := 0
	for i := 0; i < len(text) && checked < looked; {
		b := text[i]
		if b != '+' && b != '(' && (b < '0' || b > '9') {
			i++
			continue
		}
		end, digits := stretch(text, i)
		if digits >= fewest && digits <= most && alone(text, i, end) && others.free(i, end) {
			checked++
			if p, ok := f.phone(text, i, end); ok {
				to = append(to, p)
			}
		}
		i = max(end, i+1)
	}
	return to
}

// stretch returns the end of the digits that begin at i, with the marks among
// them, and how many they are.
func stretch(text string, i int) (end, digits int) {
	end = i
	for j := i; j < len(text) && j-end <= widest; j++ {
		switch b := text[j]; {
		case '0' <= b && b <= '9':
			digits++
			end = j + 1
		case b == '+' && digits > 0, b != '+' && strings.IndexByte(" -./()", b) < 0:
			return end, digits
		}
	}
	return end, digits
}

// alone reports whether the digits are no part of a word, of an amount or of a
// decimal number.
func alone(text string, start, end int) bool {
	if start > 0 && (inside(text[start-1]) || strings.IndexByte("#$_.,=/-+", text[start-1]) >= 0) {
		return false
	}
	if end == len(text) {
		return true
	}
	switch b := text[end]; b {
	case 'x', 'e': // an extension
		return true
	case '%', ':', '_':
		return false
	case ',', '.':
		return end+1 == len(text) || text[end+1] < '0' || text[end+1] > '9'
	default:
		return !inside(b)
	}
}

// phone reads a phone number.
func (f *Finder) phone(text string, start, end int) (Pattern, bool) {
	said := text[start:end]
	score := 0.95
	if !strings.HasPrefix(strings.TrimLeft(said, "( "), "+") {
		if score = f.grouped(said); score == 0 {
			return Pattern{}, false
		}
	}
	number, err := phonenumbers.Parse(said, f.region)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return Pattern{}, false
	}
	return Pattern{Phone, start, end, phonenumbers.Format(number, phonenumbers.E164), score}, true
}

// grouped returns the score of a number without a +: how much its groups look
// like those of a phone number rather than of dates, sums or part numbers.
func (f *Finder) grouped(said string) float64 {
	var groups [8]int
	n, digit := 0, false
	for i := range len(said) {
		now := '0' <= said[i] && said[i] <= '9'
		if now && !digit {
			if n == len(groups) {
				return 0
			}
			n++
		}
		if now {
			groups[n-1]++
		}
		digit = now
	}
	g := groups[:n]
	if said[0] == '0' || phonenumbers.GetCountryCodeForRegion(f.region) != 1 {
		if n >= 3 && g[0] == 4 && g[1] == 2 && g[2] == 2 || n == 3 && g[2] == 4 && g[0] <= 2 && g[1] <= 2 {
			return 0 // a date
		}
		return 0.75
	}
	if n > 1 && g[0] == 1 {
		g = g[1:]
	}
	switch {
	case len(g) == 3 && g[0] == 3 && g[1] == 3 && g[2] == 4:
		return 0.9
	case len(g) == 2 && (g[0] == 3 && g[1] == 7 || g[0] == 6 && g[1] == 4):
		return 0.7
	case len(g) == 1 && (g[0] == 10 || g[0] == 11 && said[0] == '1'):
		return 0.6
	}
	return 0
}
