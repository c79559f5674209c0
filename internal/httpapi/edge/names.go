package edge

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/turnwise/turnwise/internal/spelling"
)

// Of parameters that nobody knows, the answer names a few, each shortened.
const (
	maxNamed      = 5
	maxNamedBytes = 64
)

// readNames gives the parameters of the query the spelling by which the handler
// knows them, since case does not matter, and warns of those that it does not
// know. They are passed over.
func (x *Exchange) readNames(known []string) {
	raw := x.Request.URL.RawQuery
	if raw == "" {
		return
	}
	params, renamed := strings.Split(raw, "&"), false
	var unknown []string
	for i, param := range params {
		written, rest, _ := strings.Cut(param, "=")
		name, err := url.QueryUnescape(written)
		if err != nil || name == "" || slices.Contains(known, name) {
			continue
		}
		at := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
		if at < 0 {
			unknown = append(unknown, name)
			continue
		}
		params[i], renamed = url.QueryEscape(known[at])+"="+rest, true
	}
	if renamed {
		x.rewriteQuery(strings.Join(params, "&"))
	}
	x.warn(unknown, known)
}

func (x *Exchange) rewriteQuery(raw string) {
	rewritten, address := *x.Request, *x.Request.URL
	address.RawQuery = raw
	rewritten.URL = &address
	x.Request = &rewritten
}

// warn adds a Warning for each parameter that nobody knows.
func (x *Exchange) warn(unknown, known []string) {
	for _, name := range unknown[:min(len(unknown), maxNamed)] {
		text := "the parameter " + shortened(name) + " is not known and was passed over"
		if near := spelling.Nearest(name, known); near != "" {
			text += "; did you mean " + near + "?"
		}
		// 299 is a warning that stays, of whatever kind.
		x.Header().Add("Warning", fmt.Sprintf("299 turnwise %s", strconv.QuoteToASCII(text)))
	}
}

// shortened returns a name as far as it is worth showing.
func shortened(name string) string {
	if len(name) <= maxNamedBytes {
		return name
	}
	return strings.ToValidUTF8(name[:maxNamedBytes], "")
}
