// Package moments finds dates, times, ranges and durations in English text, and
// computes their values.
//
// It is a grammar over words. The words are in the files in data, the rules are
// code. Where a word may begin a moment, the longest phrase of the grammar is
// taken. Moments never overlap and come in the order of the text.
//
//	type           example                        value, or start and end
//	date           June 22nd                      2026-06-22
//	datetime       tomorrow at 3pm                2026-06-16 15:00:00
//	daterange      by Friday                      – to 2026-06-19
//	datetimerange  Monday from 4 to 5 pm          2026-06-22 16:00:00 to 2026-06-22 17:00:00
//	time           at noon                        12:00:00
//	timerange      after 5pm                      17:00:00 to –
//	duration       two hours                      7200 (seconds)
//	recurrence     every Monday                   none
//
// # Definitions
//
// A moment is counted from the reference time in the given zone. A week begins
// on Monday. A day or a month without a year, and a day of the week, is the
// nearest that is not past, except after "since" and "last", and where the verb
// before it is in the past tense: "it was shipped on March 3rd". "Next Friday" is
// the Friday of the next week, "this Friday" that of this week, "coming Friday"
// the nearest after today. A range ends where what follows it begins: next week
// ends on a Monday; but "from August to October" and "Monday to Friday" end
// where the second begins, as it is said. A range that has only one bound has
// no other. Mornings are from 8 to 12, afternoons from 12 to 16, evenings from
// 16 to 20, nights from 20 to the last second of the day. The end of a day is
// its last second. Seasons are those of the north, by months.
//
// In 3/4/2026 the month is first, as in the United States, unless it cannot be
// one; in 3.4.2026 the day is. An hour from 1 to 6 of which nothing says whether
// it is before noon is after noon; "03:00" is before it.
//
// A word that is mostly something else (may, march, sat, second, sun) is part
// of a moment only beside one that says so: "in May", "May 5", but not "may I";
// a number is an hour only after "at" and its like, or beside a date.
//
// # Limits
//
// Only English is understood. The tense is that of the nearest verb before the
// moment, by its form. Holidays are the few that
// have a date or a simple rule. Of a recurrence it is known that it is one, not
// how it goes on. A zone that the text names moves [Moment.Due] alone: the value of
// "3pm EST" is three o'clock.
//
// A [Finder] does not change and may be shared. Finding is linear in the length
// of the text.
package moments
