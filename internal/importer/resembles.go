package importer

import (
	"regexp"
	"strings"

	"github.com/turnwise/turnwise/internal/importer/stamp"
)

// A Likeness says what lines of a text look like, in which [Detect] found nothing.
type Likeness struct {
	Format Format // which reads such lines; empty if they are known from nowhere
	What   string // of the lines: "begin with a date and a time"
	Lines  int    // that do
	Of     int    // lines that are not blank
}

// resembling is how many lines of a text, one in so many, may be like those of a
// program. Of fewer than two nothing follows.
const (
	resembling = 5
	fewest     = 2
)

// Resembles looks for the lines of programs in all of a text. It reports true if
// more than a fifth of them are of one kind: stored as text, they would be speech
// that is nobody's.
func Resembles(text string) (Likeness, bool) {
	var total int
	counts := make([]int, len(kinds))
	last := -1 // the last numeral alone in its line
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' }) {
		line := strings.TrimFunc(part, isBlank)
		if line == "" {
			continue
		}
		total++
		if number, ok := smallNumber(line); ok {
			if number == last+1 || last < 0 && number < fewest {
				counts[cueKind]++
				last = number
			}
			continue
		}
		for i, kind := range kinds {
			if kind.is(line) {
				counts[i]++
				break
			}
		}
	}
	most := 0
	for i, n := range counts {
		if n > counts[most] {
			most = i
		}
	}
	if n := counts[most]; n < fewest || n*resembling <= total {
		return Likeness{}, false
	}
	return Likeness{kinds[most].format, kinds[most].what, counts[most], total}, true
}

// cueKind is the first of the kinds.
const cueKind = 0

// kinds are the lines that are looked for.
var kinds = [...]struct { //nolint:gochecknoglobals // a table, which nothing changes
	format Format
	what   string
	is     func(line string) bool
}{
	{SubRip, "are the numbers and times of captions", cueTimes.MatchString},
	{WhatsApp, "begin with a date and a time", isStamped},
	{IRC, "begin with a time and a nick", isLogged},
	{Mail, "are fields of a mail", isField},
	{Objects, "are JSON", jsonLine.MatchString},
	{"", "begin with a time of day", dayTime.MatchString},
	{"", "begin with a time stamp", isDated},
}

var (
	jsonLine = regexp.MustCompile(`^(?:[\[{]\s*["{\[\]}]|[\[{}\]],?$|"[^"]*"\s*:)`)
	dayTime  = regexp.MustCompile(`^[\[(]?\d{1,2}[:.]\d{2}([:.]\d{2})?\s?[AaPp]\.?\s?[Mm]\b`)
	fieldOf  = regexp.MustCompile(`(?i)^(from|to|cc|date|subject|message-id|received|return-path|delivered-to|mime-version|content-type|x-[\w-]+|reply-to|in-reply-to|sender|betreff|gesendet|asunto|objet|envoyé):\s`)
)

// smallNumber reads a line that is a number by itself, as those of cues are.
func smallNumber(line string) (int, bool) {
	if len(line) > 6 {
		return 0, false
	}
	n := 0
	for _, r := range line {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, true
}

func isStamped(line string) bool {
	_, rest, ok := stamp.Scan(line)
	return ok && rest != ""
}

func isLogged(line string) bool {
	m := ircLine.FindStringSubmatch(line)
	return m != nil && (ircSaid.MatchString(m[5]) || ircAction.MatchString(m[5]) || strings.HasPrefix(m[5], "-!-") || strings.HasPrefix(m[5], "*** "))
}

func isField(line string) bool { return fieldOf.MatchString(line) }

// isDated reports whether the first word or the first two are a time with a date.
func isDated(line string) bool {
	if line[0] != '[' && line[0] != '(' && (line[0] < '0' || line[0] > '9') {
		return false
	}
	words := strings.Fields(line)
	for n := 1; n <= min(2, len(words)-1); n++ {
		if word := strings.Join(words[:n], " "); len(word) > len("2006-01-02") {
			if _, ok := stamp.ReadValue(strings.Trim(word, "[]()-:,")); ok && strings.Contains(word, ":") {
				return true
			}
		}
	}
	return false
}
