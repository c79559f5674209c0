package settings

import (
	"slices"
	"strings"
)

// row is a setting: where it comes from, what it means, and how it gets into
// [Settings].
type row struct {
	key     string // in the file; flag and variable follow from it
	def     string // as one would write it
	doc     string // what it means, in one line
	value   value
	secret  bool                // never shown
	redact  func(string) string // makes a value fit to be shown; may be nil
	outside bool                // may not stand in the file
}

// flag returns the name on the command line, less its dashes.
func (r row) flag() string { return strings.ReplaceAll(r.key, "_", "-") }

// variable returns the name in the environment.
func (r row) variable() string { return variable(r.key) }

func variable(key string) string { return prefix + strings.ToUpper(key) }

// shown returns a value as people may see it.
func (r row) shown(text string) string {
	switch {
	case text == "":
		return text
	case r.secret:
		return "[redacted]"
	case r.redact != nil:
		return r.redact(text)
	default:
		return text
	}
}

// prefix is what every variable begins with.
const prefix = "TURNWISE_"

// group is a chapter of the table.
type group struct {
	title string
	rows  []row
}

// groups returns the table, bound to s.
func groups(s *Settings) []group {
	all := []group{
		{title: "Process", rows: processRows(s)},
		{title: "Callers", rows: callerRows(s)},
		{title: "Redis", rows: redisRows(s)},
		{title: "Jobs", rows: jobRows(s)},
		{title: "Models", rows: modelRows(s)},
		{title: "Webhooks", rows: webhookRows(s)},
	}
	for i := range all {
		all[i].rows = withFiles(all[i].rows)
	}
	return all
}

// rows returns the table without its chapters.
func rows(s *Settings) []row {
	var all []row
	for _, g := range groups(s) {
		all = slices.Concat(all, g.rows)
	}
	return all
}
