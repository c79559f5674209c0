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
	back := mostBack
	if isBare(lower[point:]) {
		back = 1
	}
	if beforeEvent(lower) >= 0 && (j.at == 0 || !tellsEvent(strings.ToLower(j.result.Sentences[j.at-1].Text))) {
		return time.Time{}
	}
	named := j.named(back)
	if named.IsZero() {
		return named
	}
	if amount == "" {
		return named
	}
	zone := time.Duration(j.offset()) * time.Minute
	text := exactly(amount) + "before " + named.Add(zone).Format(time.DateOnly)
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
	said := strings.TrimRight(lower, " .!?")
	if at := beforeEvent(said); at >= 0 {
		return at
	}
	for _, end := range [...]string{"before", "earlier", "in advance", "ahead"} {
		if at := len(said) - len(end); strings.HasSuffix(said, " "+end) && lastAmount(lower[:at]) < at {
			return at // two days before
		}
	}
	return -1
}

// mostOfEvent is how many words may follow the pronoun of a clause that ends a task: "before it
// runs out".
const mostOfEvent = 2

// beforeEvent returns where a text ends with a clause of what somebody or something spoken of is to
// do, before which a task is to be done: "before you go", "before it runs out". It is -1 if it does not.
func beforeEvent(said string) int {
	said = strings.TrimRight(said, " .!?")
	at := strings.LastIndex(said, " before ")
	if at < 0 {
		return -1
	}
	subject, rest, _ := strings.Cut(said[at+len(" before "):], " ")
	verb, _, _ := strings.Cut(rest, " ")
	if !isSubject(subject) || subject == "i" || countBlanks(rest) >= mostOfEvent || !isEvent(verb) {
		return -1
	}
	return at + 1
}

// isEvent reports whether a verb says that somebody comes or goes, or that something begins or ends.
func isEvent(verb string) bool {
	switch verb {
	case "goes", "flies":
		return true
	}
	switch strings.TrimSuffix(verb, "s") {
	case "go", "leave", "fly", "travel", "run", "close", "open", "expire", "end", "start", "begin", "arrive", "come", "land", "retire":
		return true
	}
	return false
}

// tellsEvent reports whether a sentence says when such a thing is: "I'm off from the 20th", "it's good
// until the 30th".
func tellsEvent(lower string) bool {
	for w := range strings.FieldsSeq(lower) {
		switch w {
		case "off", "away", "until", "till", "leaving", "going", "flying", "coming", "arriving":
			return true
		}
		if isEvent(w) {
			return true
		}
	}
	return false
}

// lastAmount returns where the amount of time begins with which a text ends: "two days ";
// the end of the text if it ends with none.
func lastAmount(lower string) int {
	rest, found := strings.CutSuffix(lower, " ")
	if !found {
		return len(lower)
	}
	unit := strings.LastIndexByte(rest, ' ')
	if unit < 0 || !isLongUnit(rest[unit+1:]) && (!isPart(rest[unit+1:]) || !strings.HasSuffix(rest[:unit], "the")) {
		return len(lower)
	}
	return strings.LastIndexByte(rest[:unit], ' ') + 1
}

// exactly returns an amount of time in words that the grammar of moments counts by: "the night" before
// a day is a day before it.
func exactly(amount string) string {
	the, unit, _ := strings.Cut(amount, " ")
	if the != "the" {
		return amount
	}
	if isPart(strings.TrimSpace(unit)) {
		return "one day "
	}
	return "one " + unit
}

// isBare reports whether what points back does not say to what, so that it can only be what was
// spoken of last: "two days before".
func isBare(pointer string) bool {
	pointer = strings.TrimRight(pointer, " .!?")
	switch pointer {
	case "before", "earlier", "in advance", "ahead":
		return true
	}
	return beforeEvent(" "+pointer) >= 0
}

func isPart(word string) bool { return word == "night" || word == "evening" || word == "afternoon" }

func isLongUnit(word string) bool {
	switch word {
	case "day", "days", "week", "weeks", "month", "months":
		return true
	}
	return false
}

// named returns the last moment that so many sentences before the one that is read name, zero if
// they name none.
func (j *job) named(most int) time.Time {
	for n, back := j.at-1, 0; n >= 0 && back < most; n, back = n-1, back+1 {
		found := j.momentsOf(n)
		for _, m := range slices.Backward(found) {
			if !m.Due.IsZero() && m.Type != moments.Time && m.Type != moments.TimeRange {
				return m.Due.UTC().Truncate(time.Millisecond)
			}
		}
	}
	return time.Time{}
}
