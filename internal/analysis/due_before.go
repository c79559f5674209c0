package analysis

import (
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// mostBack is how many sentences before a task may name the time that it points back to.
const mostBack = 4

// dueBefore returns when a task is due that is to be done before a time which a sentence
// before it names: "before that", "two days beforehand". It is zero where there is none.
func (j *job) dueBefore(f speech.Finding) time.Time {
	lower := strings.ToLower(j.text)
	point := pointer(lower)
	if point < 0 || point < f.Phrases[0].Start && point > 0 || len(j.others(f)) > 0 {
		return time.Time{}
	}
	amount := lower[lastAmount(lower[:point]):point]
	if amount == "" && strings.HasPrefix(lower[point:], "beforehand") {
		return time.Time{} // before it is needed, whenever that is
	}
	named := j.named()
	if named.IsZero() {
		return named
	}
	if amount == "" {
		return named
	}
	zone := time.Duration(j.offset()) * time.Minute
	text := amount + "before " + named.Add(zone).Format(time.DateOnly)
	for _, m := range j.momentFinder.Find(nil, text, words.Split(nil, text), named.AddDate(-1, 0, 0), j.offset()) {
		if m.Type == moments.Date && m.Start == 0 && m.Due.Add(24*time.Hour).After(j.result.Sentences[j.at].Start) {
			return m.Due.UTC()
		}
	}
	return time.Time{}
}

// pointer returns where a sentence says that something comes before a time that was named,
// -1 if it does not.
func pointer(lower string) int {
	for _, by := range [...]string{"before that", "beforehand", "before then", "by then"} {
		if at := strings.Index(lower, by); at >= 0 {
			return at
		}
	}
	return -1
}

// lastAmount returns where the amount of time begins with which a text ends: "two days ";
// the end of the text if it ends with none.
func lastAmount(lower string) int {
	rest, found := strings.CutSuffix(lower, " ")
	if !found {
		return len(lower)
	}
	unit := strings.LastIndexByte(rest, ' ')
	if unit < 0 || !isLongUnit(rest[unit+1:]) {
		return len(lower)
	}
	return strings.LastIndexByte(rest[:unit], ' ') + 1
}

func isLongUnit(word string) bool {
	switch word {
	case "day", "days", "week", "weeks", "month", "months":
		return true
	}
	return false
}

// named returns the last moment that the sentences before the one that is read name, zero if
// the last few name none.
func (j *job) named() time.Time {
	sentences := j.result.Sentences
	for n, back := j.at-1, 0; n >= 0 && back < mostBack; n, back = n-1, back+1 {
		s := &sentences[n]
		at := s.Start
		if at.IsZero() {
			at = time.Unix(0, 0)
		}
		found := j.momentFinder.Find(nil, s.Text, words.Split(nil, s.Text), at, j.offset())
		for _, m := range slices.Backward(found) {
			if !m.Due.IsZero() && m.Type != moments.Time && m.Type != moments.TimeRange {
				return m.Due.UTC().Truncate(time.Millisecond)
			}
		}
	}
	return time.Time{}
}
