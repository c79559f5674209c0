package analysis

import (
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/moments"
)

// onDayNamed returns when something is due at a clock's time that stands without a day: on the day
// that the sentence before it in the same turn names ("The fair is on Thursday. I'll set up the stall
// at seven."), else at due, which is the next time of its kind.
func (j *job) onDayNamed(m moments.Moment, due time.Time) time.Time {
	if m.Type != moments.Time || len(j.moments) != 1 {
		return due
	}
	day, found := j.dayBefore()
	if !found {
		return due
	}
	clock, err := time.Parse(time.TimeOnly, m.Value)
	if err != nil {
		return due
	}
	at := day.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
	if at.Before(j.result.Sentences[j.at].Start) {
		return due
	}
	return at
}

// dayBefore returns the beginning of the day to come that the sentence before the one that is read
// names, in the same turn, if it names one alone.
func (j *job) dayBefore() (day time.Time, found bool) {
	text := j.neighbour(-1)
	if !mayNameDay(text) {
		return time.Time{}, false
	}
	all := j.momentsOf(j.at - 1)
	if len(all) != 1 || all[0].Type != moments.Date && all[0].Type != moments.DateTime || all[0].Due.IsZero() {
		return time.Time{}, false
	}
	zone := time.Duration(j.offset()) * time.Minute
	day = all[0].Due.UTC().Add(zone).Truncate(24 * time.Hour).Add(-zone)
	return day, day.After(j.result.Sentences[j.at].Start)
}

// mayNameDay reports whether a text says that something is or will be.
func mayNameDay(text string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		switch w {
		case "is", "are", "starts", "opens", "leaves", "comes", "arrives", "begins", "coming", "arriving", "visiting", "leaving":
			return true
		}
		if strings.HasSuffix(w, "'re") || strings.HasSuffix(w, "'s") || strings.HasSuffix(w, "'m") {
			return true
		}
	}
	return false
}
