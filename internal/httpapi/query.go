package httpapi

import (
	"net/http"
	"net/url"
)

// queryOf parses the query, or refuses what is not one. It is nil if empty.
func queryOf(u *url.URL) (url.Values, error) {
	if u.RawQuery == "" {
		return nil, nil
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "The query string is malformed: use name=value, joined by &, percent-encoded.")
	}
	return query, nil
}

// param returns the value of a parameter that may be given once.
func param(query url.Values, name string) (string, error) {
	if len(query[name]) > 1 {
		return "", invalid(name, errTwice)
	}
	return query.Get(name), nil
}

// boolParam returns the value of a boolean parameter, nil if it is not given
// or empty.
func boolParam(query url.Values, name string) (*boolean, error) {
	s, err := param(query, name)
	if err != nil || s == "" {
		return nil, err
	}
	b := new(boolean)
	if err := b.parse(s); err != nil {
		return nil, invalid(name, err)
	}
	return b, nil
}

// flags returns which of the named boolean parameters of the query are true.
func (x *exchange) flags(names ...string) (map[string]bool, error) {
	query, err := queryOf(x.r.URL)
	if err != nil {
		return nil, err
	}
	set := make(map[string]bool, len(names))
	for _, name := range names {
		b, err := boolParam(query, name)
		if err != nil {
			return nil, err
		}
		set[name] = b != nil && bool(*b)
	}
	return set, nil
}
