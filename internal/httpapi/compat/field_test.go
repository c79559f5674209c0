package compat

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A field of an answer, by its path: members[].email is the e-mail of each
// item of the list members.
type field struct {
	path string
	is   kind
	when presence
}

// A presence says when a field is present, and who requires it.
type presence int

const (
	always      presence = iota // documented, and there wherever its parent is
	sometimes                   // documented, and there where it is known or asked for
	never                       // documented somewhere, and left out here
	ours                        // not documented, and there wherever its parent is
	oursAtTimes                 // not documented, and there where it is known
)

// A kind of value.
type kind struct {
	name string
	is   func(v any) bool
}

var (
	text     = kind{"a string", func(v any) bool { _, ok := v.(string); return ok }}
	word     = kind{"a string that is not empty", func(v any) bool { s, ok := v.(string); return ok && s != "" }}
	boolean  = kind{"a boolean", func(v any) bool { _, ok := v.(bool); return ok }}
	number   = kind{"a number", func(v any) bool { _, ok := v.(float64); return ok }}
	integer  = kind{"an integer", func(v any) bool { n, ok := v.(float64); return ok && n == math.Trunc(n) }}
	share    = kind{"a number from 0 to 1", func(v any) bool { n, ok := v.(float64); return ok && 0 <= n && n <= 1 }}
	list     = kind{"a list", func(v any) bool { _, ok := v.([]any); return ok }}
	bare     = kind{"an empty list", func(v any) bool { l, ok := v.([]any); return ok && len(l) == 0 }}
	record   = kind{"an object", func(v any) bool { _, ok := v.(map[string]any); return ok }}
	nothing  = kind{"an empty object", func(v any) bool { o, ok := v.(map[string]any); return ok && len(o) == 0 }}
	strs     = kind{"an object of strings", isLabels}
	digits   = matching("up to 20 digits", `^[0-9]{1,20}$`)
	uuid     = matching("a UUID", `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	instant  = matching("a UTC time with milliseconds", `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	stamped  = matching("a UTC time in seconds", `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)
	jwt      = matching("a JWT", `^[\w-]+\.[\w-]+\.[\w-]+$`)
	relative = matching("a path", `^/v2/`)
	null     = kind{"null", func(v any) bool { return v == nil }}
	offset   = kind{"an integer from -1", func(v any) bool { n, ok := v.(float64); return ok && n == math.Trunc(n) && n >= -1 }}
	polarity = kind{"a number from -1 to 1", func(v any) bool { n, ok := v.(float64); return ok && -1 <= n && n <= 1 }}
)

func isLabels(v any) bool {
	o, ok := v.(map[string]any)
	for _, value := range o {
		if _, isText := value.(string); !isText {
			return false
		}
	}
	return ok
}

func matching(name, pattern string) kind {
	re := regexp.MustCompile(pattern)
	return kind{name, func(v any) bool { s, ok := v.(string); return ok && re.MatchString(s) }}
}

// one of the given words.
func one(of ...string) kind {
	return kind{"one of " + strings.Join(of, ", "), func(v any) bool { s, ok := v.(string); return ok && slices.Contains(of, s) }}
}

// either of two kinds.
func either(a, b kind) kind {
	return kind{a.name + " or " + b.name, func(v any) bool { return a.is(v) || b.is(v) }}
}

// An answerCheck checks the answers of one call against its table of fields.
type answerCheck struct {
	t      *testing.T
	fields map[string]field
	seen   map[string]bool
}

func newAnswerCheck(t *testing.T, fields []field) *answerCheck {
	t.Helper()
	r := &answerCheck{t: t, fields: map[string]field{}, seen: map[string]bool{}}
	for _, f := range fields {
		if _, twice := r.fields[f.path]; twice {
			t.Errorf("%s is in the table twice", f.path)
		}
		r.fields[f.path] = f
	}
	return r
}

// read reads one value. Objects that are items of a list, and the whole answer,
// need no line in the table.
func (r *answerCheck) read(path string, v any) {
	r.t.Helper()
	f, known := r.fields[path]
	r.seen[path] = true
	object, isObject := v.(map[string]any)
	items, isList := v.([]any)
	container := (isObject || isList) && (path == "" || strings.HasSuffix(path, "[]"))
	switch {
	case !known && !container:
		r.t.Errorf("%s is in the answer, and not in the table: %v", path, v)
		return
	case known && f.when == never:
		r.t.Errorf("%s is in the answer, and in the table it is never: %v", path, v)
		return
	case known && !f.is.is(v):
		r.t.Errorf("%s is %v, want %s", path, v, f.is.name)
		return
	case known && f.is.name == strs.name:
		return // the names in it are the caller's
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		r.read(joined(path, name), object[name])
	}
	if isObject {
		r.complete(path, object)
	}
	for _, item := range items {
		r.read(path+"[]", item)
	}
}

// complete checks that an object has the fields that are always present.
func (r *answerCheck) complete(path string, object map[string]any) {
	r.t.Helper()
	for _, f := range r.fields {
		name, isChild := strings.CutPrefix(f.path, joined(path, ""))
		if !isChild || strings.ContainsAny(name, ".[") || f.when != always && f.when != ours {
			continue
		}
		if _, found := object[name]; !found {
			r.t.Errorf("%s is missing in %v", f.path, object)
		}
	}
}

// finish checks that every line of the table was seen in one of the answers.
func (r *answerCheck) finish() {
	r.t.Helper()
	for path, f := range r.fields {
		if f.when != never && !r.seen[path] {
			r.t.Errorf("%s was in no answer", path)
		}
	}
}

func joined(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
