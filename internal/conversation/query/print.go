package query

import "strings"

// String returns the filter as RSQL, which [Parse] reads as the same filter,
// unless it has what RSQL has not or is longer than what is read.
func (f Filter) String() string {
	all := make([]string, len(f))
	for i, c := range f {
		all[i] = c.String()
	}
	return strings.Join(all, ";")
}

// String returns the condition as RSQL.
func (c Condition) String() string {
	values := make([]string, len(c.Values))
	for i, v := range c.Values {
		values[i] = quoted(v)
	}
	list := strings.Join(values, ",")
	switch c.Op {
	case In, Out:
		return selector(c.Field, c.Name) + string(c.Op) + "(" + list + ")"
	case Contains:
		return selector(c.Field, c.Name) + "=contains=" + list
	default:
		return selector(c.Field, c.Name) + string(c.Op) + list
	}
}

// quoted puts quotation marks around a value that needs them.
func quoted(value string) string {
	if value != "" && !strings.ContainsAny(value, "\"'();,=!~<> \t\n\v\f\r") {
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}
