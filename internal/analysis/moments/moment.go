package moments

import "time"

// Type is the kind of a moment, in the words of the API. [Duration] and
// [Recurrence] are not among those that the API names.
type Type string

// The types of moments.
const (
	Date          Type = "date"
	DateTime      Type = "datetime"
	DateRange     Type = "daterange"
	DateTimeRange Type = "datetimerange"
	Time          Type = "time"
	TimeRange     Type = "timerange"
	Duration      Type = "duration"
	Recurrence    Type = "recurrence"
)

// A Moment is one that was found.
type Moment struct {
	Type       Type
	Start, End int // in bytes

	// Value is the date, the time or both (2006-01-02, 15:04:05), of a duration
	// its seconds. Ranges and recurrences have none.
	Value string

	// From and To are the bounds of a range, in the form that its type has.
	// One of them is empty if the text does not say it.
	From, To string

	// Due is the instant at which something is due of which the text says the
	// moment: the first of a date and of the last day of a range of dates, the
	// end of a range of times. A time without a date is the next of its kind, and what
	// is due by the day of the week that it is, is due a week later.
	// It is zero of what has no end, of durations and of recurrences.
	Due time.Time

	Score float64 // confidence, 0 to 1
}
