package stamp

import (
	"fmt"
	"time"
)

// An Order is that of day, month and year in a date.
type Order string

// The orders.
const (
	Undecided Order = ""
	DMY       Order = "dmy"
	MDY       Order = "mdy"
	YMD       Order = "ymd"
)

// ParseOrder returns the order of that name.
func ParseOrder(name string) (Order, error) {
	switch o := Order(name); o {
	case Undecided, DMY, MDY, YMD:
		return o, nil
	default:
		return Undecided, fmt.Errorf("%q is no order of dates, want dmy, mdy or ymd", name)
	}
}

// A Decider finds the order of the dates of a file. The zero value has seen
// none.
//
// An order in which a date does not exist is out. Of those that are left, the
// one in which time does not run backwards is taken. Dates in one order only
// seem to jump back by months when they are read in another.
type Decider struct {
	seen   bool
	points bool // all dates are written with points
	orders [3]candidate
}

type candidate struct {
	out  bool
	back int // how often time ran backwards
	last time.Time
}

// rises reports whether all dates are right in the order, and none before the one
// above it.
func (c candidate) rises() bool { return !c.out && c.back == 0 }

// candidates are the orders of [Decider.orders].
var candidates = [...]Order{DMY, MDY, YMD} //nolint:gochecknoglobals // nothing changes it

// slack is how far messages are out of order in an export that is right.
const slack = 36 * time.Hour

// See takes a date into account.
func (d *Decider) See(raw Raw) {
	d.points = raw.Style.Separator == '.' && (d.points || !d.seen)
	d.seen = true
	for i, order := range candidates {
		c := &d.orders[i]
		if c.out {
			continue
		}
		at, err := raw.Time(order, time.UTC)
		if err != nil {
			c.out = true
			continue
		}
		if at.Before(c.last.Add(-slack)) {
			c.back++
		}
		c.last = at
	}
}

// Order returns the order of the dates that were seen, or [Undecided] if
// several fit. It is an error if none does.
func (d *Decider) Order() (Order, error) {
	dmy, mdy, ymd := d.orders[0], d.orders[1], d.orders[2]
	switch {
	case dmy.out && mdy.out && ymd.out:
		return Undecided, fmt.Errorf("the dates of the file have no order in common: neither day, month, year nor month, day, year nor year, month, day fits all of them")
	case dmy.out && mdy.out:
		return YMD, nil
	case d.points && !dmy.out && dmy.back == 0: // nobody who writes points has the month first
		return DMY, nil
	case dmy.rises() && !mdy.rises():
		return DMY, nil
	case mdy.rises() && !dmy.rises():
		return MDY, nil
	case ymd.rises() && !dmy.rises():
		return YMD, nil
	case mdy.out:
		return DMY, nil
	case dmy.out:
		return MDY, nil
	}
	return Undecided, nil
}

// Time returns the time in the order and the zone. A year of the Buddhist
// calendar or of a Japanese era becomes ours.
func (r Raw) Time(order Order, zone *time.Location) (time.Time, error) {
	at := [...]int{0, 1, 2} // of year, month and day
	switch order {
	case DMY:
		at = [...]int{2, 1, 0}
	case MDY:
		at = [...]int{2, 0, 1}
	default: // as they are written
	}
	year, err := r.year(at[0], order)
	if err != nil {
		return time.Time{}, err
	}
	month, day := r.parts[at[1]], r.parts[at[2]]
	if r.wide[at[1]] > 2 || r.wide[at[2]] > 2 || r.era[at[1]] != 0 || r.era[at[2]] != 0 {
		return time.Time{}, fmt.Errorf("the date has no year where %s has it", order)
	}
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return time.Time{}, fmt.Errorf("there is no day %d of month %d", day, month)
	}
	return time.Date(year, time.Month(month), day, r.hours(), r.minute, r.second, 0, zone), nil
}

func (r Raw) year(at int, order Order) (int, error) {
	year := r.parts[at]
	switch {
	case r.era[at] != 0:
		return r.era[at] + year, nil
	case r.wide[at] == 4 && year > 2400:
		return year - 543, nil
	case r.wide[at] == 4:
		return year, nil
	case r.wide[at] == 2 && !r.hasYear():
		return 2000 + year, nil
	default:
		return 0, fmt.Errorf("the date has no year where %s has it", order)
	}
}

// hasYear reports whether a part cannot be but the year.
func (r Raw) hasYear() bool {
	for i := range r.parts {
		if r.wide[i] == 4 || r.era[i] != 0 {
			return true
		}
	}
	return false
}

func (r Raw) hours() int {
	switch {
	case r.half == morning && r.hour == 12:
		return 0
	case r.half == afternoon && r.hour < 12:
		return r.hour + 12
	default:
		return r.hour
	}
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
