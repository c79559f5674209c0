package input

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// Query returns the parameters of the query, nil if it is empty. It refuses a
// malformed query.
func Query(u *url.URL) (url.Values, error) {
	if u.RawQuery == "" {
		return nil, nil
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, edge.Refuse(http.StatusBadRequest, "The query string is malformed: use name=value, joined by &, percent-encoded.")
	}
	return query, nil
}

// Param returns the value of a parameter that may be given once.
func Param(query url.Values, name string) (string, error) {
	if len(query[name]) > 1 {
		return "", Invalid(name, ErrTwice)
	}
	return query.Get(name), nil
}

// BoolParam returns the value of a boolean parameter, nil if it is not given
// or empty.
func BoolParam(query url.Values, name string) (*bool, error) {
	s, err := Param(query, name)
	if err != nil || s == "" {
		return nil, err
	}
	b, err := parseBoolean(s)
	if err != nil {
		return nil, Invalid(name, err)
	}
	return &b, nil
}

// Flags returns which of the named boolean parameters of the query are true.
func Flags(u *url.URL, names ...string) (map[string]bool, error) {
	query, err := Query(u)
	if err != nil {
		return nil, err
	}
	set := make(map[string]bool, len(names))
	for _, name := range names {
		b, err := BoolParam(query, name)
		if err != nil {
			return nil, err
		}
		set[name] = b != nil && *b
	}
	return set, nil
}

// TimeParam returns the value of a time parameter, zero if it is not given or
// empty. A blank in it is the + of an offset that was not encoded.
func TimeParam(params url.Values, name string) (time.Time, error) {
	s, err := Param(params, name)
	if err != nil || s == "" {
		return time.Time{}, err
	}
	t, err := ParseTime(strings.ReplaceAll(s, " ", "+"))
	if err != nil {
		return t, Invalid(name, err)
	}
	return t, nil
}

// IntParam returns the value of a parameter that is a number from 0 to most, or
// otherwise if it is not given or empty.
func IntParam(params url.Values, name string, otherwise, most int) (int, error) {
	s, err := Param(params, name)
	if err != nil || s == "" {
		return otherwise, err
	}
	n, err := strconv.Atoi(s)
	large := errors.Is(err, strconv.ErrRange)
	switch {
	case err != nil && !large:
		return 0, Invalid(name, BadValue("must be an integer"))
	case n < 0:
		return 0, Invalid(name, BadValue("must be greater than or equal to 0"))
	case large || n > most:
		return 0, Invalid(name, BadValue(fmt.Sprintf("must be less than or equal to %d", most)))
	}
	return n, nil
}
