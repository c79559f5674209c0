package moments

import (
	"embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/patterns/numerals"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

//go:embed data/*.txt
var data embed.FS

// A class is what the grammar takes a word for.
type class uint8

const (
	tokOther    class = iota // a word that the grammar does not know
	tokFiller                // one that may follow an hour: "at 5 please"
	tokMark                  // value is its character
	tokNumber                // value is the number
	tokScale                 // hundred, thousand
	tokMonth                 // 1 to 12
	tokWeekday               // 0 to 6, Monday first
	tokWeekdays              // the same as a plural
	tokPeriod                // a unit of time
	tokPart                  // of the day
	tokDayName               // value is how many days from today
	tokTonight
	tokDirection // next, last, this
	tokMeridiem
	tokOclock
	tokHourName // hour of the day: noon
	tokEdge     // beginning, middle, end of something
	tokEnding
	tokSeason
	tokHoliday
	tokNow
	tokAmount // few, couple: value is how many
	tokHalf
	tokArticle
	tokThe
	tokOf
	tokIn
	tokOn
	tokAt
	tokAbout
	tokBy
	tokBefore
	tokAfter
	tokSince
	tokUntil
	tokFrom
	tokStarting
	tokTo
	tokAnd
	tokBetween
	tokOr
	tokFor // for
	tokAgo
	tokLater
	tokWithin
	tokEvery
	tokOften   // daily, weekly
	tokDayKind // of days and years: business, calendar
	tokAll
	tokThan // more, less
	tokRest
	tokLabel // q of q3, h of h2, cy of cy18
	tokOnce
	tokZone // of a time; value is its minutes ahead of UTC
)

// The units of time, the finest first.
const (
	second = iota + 1
	minute
	hour
	day
	weekend
	week
	fortnight
	monthly
	quarter
	year
	decade
	century
)

// The parts of the day.
const (
	morning = iota + 1
	afternoon
	evening
	night
	daytime
	lunchtime
	dinnertime
)

// The directions. One that is near goes to the nearest weekday instead of that
// of the week before or after.
const (
	last     = -1
	this     = 0
	next     = 1
	nearLast = -2
	nearNext = 2
)

// The edges of a period.
const (
	early = iota + 1
	middle
	late
)

const (
	am = iota
	pm
	ampm
)

// An entry is what the vocabulary knows of a word.
type entry struct {
	class     class
	value     int
	ambiguous bool // mostly something else
}

// A vocabulary is what the grammar knows of words. It is read from the files in
// data, of which each has the words of one class.
type vocabulary map[string]entry

func newVocabulary() vocabulary {
	v := vocabulary{}
	v.addNumerals()
	for name, class := range map[string]class{
		"filler": tokFiller, "half": tokHalf, "now": tokNow, "oclock": tokOclock, "often": tokOften,
		"once": tokOnce, "tonight": tokTonight, "weekdays": tokWeekdays,
	} {
		for word := range words.Terms(words.Read(data, name)) {
			v[word] = entry{class: class}
		}
	}
	for name, class := range map[string]class{
		"amount": tokAmount, "day_kind": tokDayKind, "day_name": tokDayName, "holiday": tokHoliday, "hour_name": tokHourName,
		"label": tokLabel, "month": tokMonth, "season": tokSeason, "weekday": tokWeekday, "zone": tokZone,
	} {
		for word, value := range words.Values(words.Read(data, name)) {
			v[word] = entry{class: class, value: number(value)}
		}
	}
	for word, e := range v {
		if e.class == tokWeekdays {
			v[word] = entry{class: tokWeekdays, value: v[strings.TrimSuffix(word, "s")].value}
		}
	}
	v.addNamed("unit", tokPeriod, units())
	v.addNamed("ending", tokEnding, units())
	v.addNamed("day_part", tokPart, map[string]int{
		"morning": morning, "afternoon": afternoon, "evening": evening, "night": night,
		"daytime": daytime, "lunchtime": lunchtime, "dinnertime": dinnertime,
	})
	v.addNamed("direction", tokDirection, map[string]int{
		"nearest-last": nearLast, "last": last, "this": this, "next": next, "nearest-next": nearNext,
	})
	v.addNamed("edge", tokEdge, map[string]int{"early": early, "middle": middle, "late": late})
	v.addNamed("meridiem", tokMeridiem, map[string]int{"am": am, "pm": pm, "ampm": ampm})
	v.addRelations()
	v.markAmbiguous("ambiguous_month", "ambiguous_weekday")
	return v
}

func (v vocabulary) addNumerals() {
	for word, n := range numerals.All() {
		switch {
		case !n.Scale && !n.Ordinal:
			v[word] = entry{class: tokNumber, value: int(n.Value)}
		case !n.Scale:
			v[word] = entry{class: tokNumber, value: ordinal + int(n.Value)}
		case n.Value <= 1000 && !n.Ordinal:
			v[word] = entry{class: tokScale, value: int(n.Value)}
		}
	}
}

// addNamed adds words whose values are named.
func (v vocabulary) addNamed(name string, class class, values map[string]int) {
	for word, value := range words.Values(words.Read(data, name)) {
		n, ok := values[value]
		if !ok {
			panic(fmt.Sprintf("data/%s.txt: %q has the unknown value %q", name, word, value))
		}
		v[word] = entry{class: class, value: n}
	}
}

// addRelations adds prepositions, conjunctions and articles, each of which is a
// class of its own.
func (v vocabulary) addRelations() {
	classes := map[string]class{
		"a": tokArticle, "about": tokAbout, "after": tokAfter, "ago": tokAgo, "all": tokAll, "and": tokAnd, "at": tokAt,
		"before": tokBefore, "between": tokBetween, "by": tokBy, "every": tokEvery, "for": tokFor, "from": tokFrom,
		"in": tokIn, "later": tokLater, "of": tokOf, "on": tokOn, "or": tokOr, "rest": tokRest, "since": tokSince,
		"starting": tokStarting, "than": tokThan, "the": tokThe, "to": tokTo, "until": tokUntil, "within": tokWithin,
	}
	for word, relation := range words.Values(words.Read(data, "relation")) {
		class, ok := classes[relation]
		if !ok {
			panic(fmt.Sprintf("data/relation.txt: %q has the unknown value %q", word, relation))
		}
		v[word] = entry{class: class}
	}
	v["a"], v["an"] = entry{class: tokArticle, value: 1}, entry{class: tokArticle, value: 1}
	v["later"] = entry{class: tokLater, value: late} // an edge too: "later this week"
}

// markAmbiguous marks words that are mostly something else.
func (v vocabulary) markAmbiguous(names ...string) {
	for _, name := range names {
		for word := range words.Terms(words.Read(data, name)) {
			e := v[word]
			e.ambiguous = true
			v[word] = e
		}
	}
}

// number reads the value of a word.
func number(value string) int {
	n, err := strconv.Atoi(value)
	if err != nil {
		panic(fmt.Errorf("read a vocabulary: %w", err))
	}
	return n
}

// units returns the units of time by their names in the vocabulary.
func units() map[string]int {
	return map[string]int{
		"second": second, "minute": minute, "hour": hour, "day": day, "weekend": weekend, "week": week,
		"fortnight": fortnight, "month": monthly, "quarter": quarter, "year": year, "decade": decade, "century": century,
	}
}
