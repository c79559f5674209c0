package importer

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/importer/stamp"
)

// A label is what stands before the colon of a line such as "Ana Lima: Hello".
type label struct {
	name, email, rest string
}

const (
	labelWords = 8
	labelRunes = 80
)

// cutLabel splits a line that begins with what may be the name of its speaker.
// The colon must end the line or be followed by a blank, so that no URL and no
// time of day is taken for a name. Marks of direction around the name do not count.
func cutLabel(line string) (label, bool) {
	line = strings.TrimFunc(line, isBlank)
	bold := strings.HasPrefix(line, "**")
	line = strings.TrimPrefix(line, "**")
	at := strings.IndexAny(line, ":：")
	if at <= 0 || at > labelRunes*utf8.UTFMax || utf8.RuneCountInString(line[:at]) > labelRunes {
		return label{}, false
	}
	colon, size := utf8.DecodeRuneInString(line[at:])
	name, rest := line[:at], line[at+size:]
	if bold {
		rest = strings.TrimPrefix(rest, "**")
	}
	if rest != "" && colon == ':' && !isBlank(firstRune(rest)) {
		return label{}, false
	}
	name = strings.TrimRightFunc(strings.Map(visible, name), func(r rune) bool { return r == '*' || unicode.IsSpace(r) })
	var email string
	if before, address, ok := strings.Cut(name, " <"); ok {
		if address, ok = strings.CutSuffix(address, ">"); !ok || address == "" || strings.ContainsAny(address, " <>") {
			return label{}, false
		}
		name, email = before, address
	}
	if !isLabel(name) {
		return label{}, false
	}
	return label{strings.Join(strings.Fields(name), " "), email, strings.TrimFunc(rest, isBlank)}, true
}

// isBlank reports whether nothing is seen of r.
func isBlank(r rune) bool { return unicode.IsSpace(r) || visible(r) < 0 }

// visible leaves out marks of direction and blanks without width.
func visible(r rune) rune {
	if stamp.IsMark(r) || r == '\u200b' || r == '\u2060' {
		return -1
	}
	return r
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isLabel reports whether a name could look like that at all.
func isLabel(s string) bool {
	if !unicode.IsLetter(firstRune(s)) && !unicode.IsDigit(firstRune(s)) && firstRune(s) != '+' && firstRune(s) != '@' || len(strings.Fields(s)) > labelWords {
		return false
	}
	letters := false
	for _, r := range s {
		letters = letters || unicode.IsLetter(r)
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Zs, r) && !unicode.Is(unicode.So, r) &&
			!strings.ContainsRune(".'’-_()&@+/,#|·\"“”„\u200d", r) {
			return false
		}
	}
	return letters || firstRune(s) == '+'
}

// noPerson are labels that announce something else than a speaker.
var noPerson = regexp.MustCompile(`(?i)^(note|notes|nb|n\.b\.|re|fw|fwd|aw|wg|ps|p\.s\.|pps|subject|betreff|from|to|cc|bcc|date|sent|reply-to|` +
	`today|tomorrow|yesterday|(mon|tues|wednes|thurs|fri|satur|sun)day|step \d+|chapter \d+|part \d+|option \d+|update|edit|todo|to do|fyi|tl;?dr|` +
	`warning|caution|attention|important|reminder|example|e\.g\.|i\.e\.|summary|agenda|topic|title|action items?|attendees|participants|present|absent|` +
	`location|time|place|when|where|what|why|how|who|result|answer is|source|link|url|https?|kind|language|transcribed by|see also|hint|tip|ok|` +
	`error|info|debug|problem|solution|conclusion|decision|status|deadline|phone|tel|fax|e-?mail|address|total|price|music|applause|laughter)$`)

// isPerson reports whether a label looks like somebody's name by itself: up to
// four words, none but particles with a small letter in front.
func isPerson(name string) bool {
	words := strings.Fields(name)
	if !isLabel(name) || noPerson.MatchString(name) || len(words) == 0 || len(words) > labelWords {
		return false
	}
	capitals := 0
	for _, word := range words {
		first := firstRune(strings.TrimLeft(word, "(-&"))
		switch {
		case unicode.IsLower(first) && len(words) > 1 && !particle[strings.ToLower(word)]:
			return false
		case !unicode.IsLower(first):
			capitals++
		}
	}
	return capitals > 0 || len(words) == 1
}

// particles of names begin with a small letter.
var particle = map[string]bool{ //nolint:gochecknoglobals // a table of words, which nothing changes
	"de": true, "del": true, "della": true, "der": true, "den": true, "di": true, "da": true, "do": true, "dos": true, "du": true,
	"la": true, "le": true, "van": true, "von": true, "zu": true, "zum": true, "y": true, "e": true, "bin": true, "al": true, "el": true, "ter": true, "ten": true, "and": true,
}

// mostLabels bounds how many labels of a file are counted.
const mostLabels = 10000

// labels counts what may be names, to find those that are. A name is likelier if
// it comes back, or if most lines have one.
type labels struct {
	certain bool // what looks like a name is one
	count   map[string]int
	lines   int // that begin a paragraph or have a label
	labeled int
}

func (l *labels) see(line string) {
	if line == "" {
		return
	}
	l.lines++
	found, ok := cutLabel(line)
	if !ok || noPerson.MatchString(found.name) {
		return
	}
	if l.count == nil {
		l.count = map[string]int{}
	}
	if len(l.count) < mostLabels || l.count[found.name] > 0 {
		l.count[found.name]++
	}
	if isPerson(found.name) {
		l.labeled++
	}
}

// accepts reports whether the label is that of a speaker.
func (l *labels) accepts(name string) bool {
	switch n := l.count[name]; {
	case l.certain && isPerson(name):
		return n > 1 || !unicode.IsDigit(firstRune(name))
	case n == 0:
		return false
	case isPerson(name):
		return n > 1 || 2*l.labeled >= l.lines || interview[name]
	default:
		return n > 1 && len(strings.Fields(name)) <= 6
	}
}

// interview are the speakers of printed interviews.
var interview = map[string]bool{"Q": true, "A": true} //nolint:gochecknoglobals // a table of words, which nothing changes

func unescape(s string) string {
	s = strings.NewReplacer("&lrm;", "", "&rlm;", "", "&nbsp;", " ").Replace(s)
	return strings.ReplaceAll(html.UnescapeString(s), "\u200b", "")
}
