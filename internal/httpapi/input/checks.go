package input

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// What is often wrong with a value.
const (
	ErrRequired BadValue = "is required"
	ErrBlank    BadValue = "is not allowed to be empty"
	ErrObject   BadValue = "must be of type object"
	ErrString   BadValue = "must be a string"
	ErrNoItems  BadValue = "must contain at least 1 items"
	ErrTwice    BadValue = "is given more than once"

	// ErrEmptyText and ErrNoText are about messages without a text.
	ErrEmptyText BadValue = `is not allowed to be empty. Leave the message out, or send "skipEmpty": true to have all such messages left out`
	ErrNoText    BadValue = "must contain at least 1 item with a text"
)

// ErrTooMany says that a list has more than [MaxItems].
var ErrTooMany = BadValue(fmt.Sprintf("must contain less than or equal to %d items", MaxItems))

// CheckLabels checks the lengths of the names and values of the labels in a field.
func CheckLabels(field string, all Labels) error {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		switch {
		case name == "":
			return Invalid(field, BadValue("must not have a member without a name"))
		case CheckLength(name, MaxLabel) != nil:
			return Invalid(field, BadValue(fmt.Sprintf("must have names of at most %d characters", MaxLabel)))
		}
		if err := CheckLength(all[name], MaxLabel); err != nil {
			return Invalid(field+"."+name, err)
		}
	}
	return nil
}

// CheckTerm checks a text to search for, or its name.
func CheckTerm(s string) error {
	if Blank(s) {
		return ErrBlank
	}
	return CheckLength(s, MaxTerm)
}

// Blank reports whether s is empty but for white space.
func Blank(s string) bool { return strings.TrimSpace(s) == "" }

// CheckLength checks that s has n characters at most.
func CheckLength(s string, n int) error {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return nil
	}
	return BadValue(fmt.Sprintf("length must be less than or equal to %d characters long", n))
}

// CheckRange checks a number that may be missing.
func CheckRange(v *float64, least, most float64) error {
	switch {
	case v == nil:
		return nil
	case *v < least:
		return BadValue(fmt.Sprintf("must be greater than or equal to %g", least))
	case *v > most:
		return BadValue(fmt.Sprintf("must be less than or equal to %g", most))
	default:
		return nil
	}
}
