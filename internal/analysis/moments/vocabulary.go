package moments

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/patterns/numerals"
)

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
	tokRelday                // value is how many days from today
	tokTonight
	tokDirection // next, last, this
	tokMeridiem
	tokOclock
	tokNamed // hour of the day: noon
	tokEdge  // beginning, middle, end of something
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
	tokWith // for
	tokAgo
	tokLater
	tokWithin
	tokEvery
	tokOften // daily, weekly
	tokSort  // of days and years: business, calendar
	tokAll
	tokThan // more, less
	tokRest
	tokLabel // q of q3, h of h2, cy of cy18
	tokOnce
	tokZone // of a time; it is passed over
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
	class class
	value int
}

type vocabulary map[string]entry

// add adds words whose values count on from first. A bar stands between words
// that mean the same.
func (v vocabulary) add(c class, first int, words string) {
	for same := range strings.FieldsSeq(words) {
		for word := range strings.SplitSeq(same, "|") {
			v[word] = entry{c, first}
		}
		first++
	}
}

func newVocabulary() vocabulary {
	v := vocabulary{}
	for word, n := range numerals.All() {
		switch {
		case !n.Scale && !n.Ordinal:
			v[word] = entry{tokNumber, int(n.Value)}
		case !n.Scale:
			v[word] = entry{tokNumber, ordinal + int(n.Value)}
		case n.Value <= 1000 && !n.Ordinal:
			v[word] = entry{tokScale, int(n.Value)}
		}
	}
	v.addCalendar()
	v.addDay()
	v.addRelations()
	return v
}

func (v vocabulary) addCalendar() {
	v.add(tokMonth, 1, `january|jan february|feb march|mar april|apr may june|jun july|jul august|aug
		september|sept|sep october|oct november|nov december|dec`)
	v.add(tokWeekday, 0, "monday|mon tuesday|tue|tues wednesday|wed|weds thursday|thu|thur|thurs friday|fri saturday|sat sunday|sun")
	v.add(tokWeekdays, 0, "mondays tuesdays wednesdays thursdays fridays saturdays sundays")
	v.add(tokPeriod, second, `seconds|secs|sec minute|minutes|min|mins hour|hours|hr|hrs day|days|nights weekend|weekends
		week|weeks|wk|wks fortnight|fortnights month|months quarter|quarters year|years|yr|yrs decade|decades
		century|centuries`)
	v.add(tokRelday, -1, "yesterday today|otd tomorrow|tmrw|tmr|tommorow|tomorow")
	v.add(tokSeason, 1, "spring summer autumn|fall winter")
	v.add(tokHoliday, 1, `christmas|xmas halloween easter thanksgiving valentine|valentines
		new independence labor|labour memorial black`)
	v.add(tokSort, 1, "business|working|work calendar|fiscal|school|financial")
	v.add(tokLabel, 1, "q h cy|fy w")
	v.add(tokOften, 1, `daily|weekly|monthly|quarterly|yearly|annually|hourly|biweekly|bimonthly|biannually|fortnightly|
		everyday|weekdays nightly`)
	v.add(tokOnce, 1, "once twice thrice|times")
}

func (v vocabulary) addDay() {
	v.add(tokPart, morning, `morning|mornings|breakfast afternoon|afternoons evening|evenings|eve night|nite|overnight|nighttime
		daytime lunchtime|lunch dinnertime|dinner`)
	v.add(tokTonight, night, "tonight|tonite|2nite")
	v.add(tokMeridiem, am, "am|a.m|a.m. pm|p.m|p.m. ampm")
	v.add(tokOclock, 0, "o'clock|o’clock|oclock")
	v.add(tokZone, 0, "est|edt|cst|cdt|mst|mdt|pst|pdt|gmt|utc|cet|cest|bst")
	v.add(tokNamed, 0, "midnight")
	v.add(tokNamed, 12, "noon|midday|noonish")
	v.add(tokEdge, early, "early|beginning|start|earlier middle|mid late|end|close")
	v.add(tokEnding, day, "eod|cob")
	v.add(tokEnding, week, "eow")
	v.add(tokEnding, monthly, "eom")
	v.add(tokEnding, quarter, "eoq")
	v.add(tokEnding, year, "eoy")
	v.add(tokHalf, 0, "half|½")
	v.add(tokNow, 0, "now|asap")
}

func (v vocabulary) addRelations() {
	v.add(tokDirection, nearLast, "past last|previous|prior this|current|same|that next|following coming|upcoming")
	v.add(tokAmount, 2, "couple few|several|some")
	v.add(tokArticle, 1, "a|an")
	for c, words := range map[class]string{
		tokThe: "the", tokOf: "of", tokIn: "in|during", tokOn: "on", tokAt: "at|@", tokAbout: "about|around|circa|approximately", tokBy: "by",
		tokBefore: "before|pre", tokAfter: "after", tokSince: "since", tokUntil: "until|till|til", tokFrom: "from",
		tokStarting: "starting|effective", tokTo: "to|through|thru", tokAnd: "and|&", tokBetween: "between", tokOr: "or",
		tokWith: "for", tokAgo: "ago|back", tokLater: "hence|onwards|onward", tokWithin: "within", tokEvery: "every|each",
		tokAll: "all|whole|entire", tokThan: "more|less|than", tokRest: "rest|remaining|remainder",
		tokFiller: `please if so but with because when then we i you he she they it is was will would can could should
			ok okay thanks sharp works as we'll i'll`,
	} {
		v.add(c, 0, words)
	}
	v.add(tokLater, late, "later")
}
