package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// An Op is one step of a change: add, replace or remove something at a path.
//
// A path leads to a text or to a list. Add appends the values that a list does
// not have yet, and remove deletes the values that it has, so a patch may be
// sent again. Remove without a value empties the text or the list.
type Op struct {
	Op     string
	Path   string
	Values []string // nil if none is given
}

// A field is the target of a path.
type field struct {
	path string
	at   interface {
		// apply returns what is wrong with the value of an op: "is required".
		apply(op Op) (problem string)
	}
}

// patch applies ops to the fields, one after the other.
func patch(ops []Op, fields []field) error {
	for i, op := range ops {
		if !slices.Contains([]string{"add", "replace", "remove"}, op.Op) {
			return opError(i, "op", "must be one of [add, replace, remove]")
		}
		n := slices.IndexFunc(fields, func(p field) bool { return p.path == op.Path })
		if n < 0 {
			return opError(i, "path", "must be one of ["+paths(fields)+"]")
		}
		if op.Op != "remove" && op.Values == nil {
			return opError(i, "value", "is required")
		}
		if problem := fields[n].at.apply(op); problem != "" {
			return opError(i, "value", problem)
		}
	}
	return nil
}

func opError(n int, field, problem string) error {
	return &InvalidError{Field: fmt.Sprintf("[%d].%s", n, field), Problem: problem}
}

func paths(fields []field) string {
	all := make([]string, len(fields))
	for i, p := range fields {
		all[i] = p.path
	}
	return strings.Join(all, ", ")
}

// A text is a field with one text.
type text struct{ at *string }

func (t text) apply(op Op) (problem string) {
	switch {
	case op.Op == "remove":
		*t.at = ""
	case len(op.Values) != 1:
		return "must be a string"
	default:
		*t.at = op.Values[0]
	}
	return ""
}

// A list is a field with any number of texts.
type list struct{ at *[]string }

func (l list) apply(op Op) (problem string) {
	switch {
	case op.Op == "replace", op.Values == nil:
		*l.at = slices.Clone(op.Values)
	case op.Op == "add":
		*l.at = slices.Concat(*l.at, without(op.Values, *l.at))
	default:
		*l.at = without(*l.at, op.Values)
	}
	return ""
}

// without returns the terms that are not the same as one of others.
func without(terms, others []string) []string {
	known := map[string]bool{}
	for _, o := range others {
		known[fold(o)] = true
	}
	return slices.DeleteFunc(slices.Clone(terms), func(t string) bool { return known[fold(t)] })
}
