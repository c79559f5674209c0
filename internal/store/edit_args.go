package store

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/conversation/edit"
)

// editArgs returns the arguments of edit_conversation.
func editArgs(t edit.Target, e edit.Step) ([]any, error) {
	c := e.Change
	args := []any{newRequestID(), t.ID, "", "", flag(c.Toggle), ""}
	if c.Start != nil {
		args[2] = millis(*c.Start)
	}
	if c.End != nil {
		args[3] = millis(*c.End)
	}
	if e.People != nil {
		args[5] = *e.People
	}
	fields, err := changedFields(c)
	if err != nil {
		return nil, err
	}
	people, err := revisedFields(e.Revision)
	if err != nil {
		return nil, err
	}
	lines := make([]any, 0, 2*len(e.Lines))
	for _, l := range e.Lines {
		b, err := json.Marshal(l.Message)
		if err != nil {
			return nil, fmt.Errorf("encode message %s: %w", l.Message.ID, err)
		}
		lines = append(lines, l.Place, b)
	}
	for _, list := range [...][]any{versionArgs(t), readArgs(e), fields.set, fields.drop, people.set, people.drop, lines} {
		args = append(append(args, len(list)), list...)
	}
	return args, nil
}

// readArgs returns what the members were that the step was computed from: a
// field, then "=" and its value, or "" if there was none.
func readArgs(e edit.Step) []any {
	var args []any
	for _, entry := range e.Reads {
		field := string(entry.Kind) + entry.ID
		value, ok := e.Stored[field]
		if ok {
			value = "=" + value
		}
		args = append(args, field, value)
	}
	return args
}

func versionArgs(t edit.Target) []any {
	args := make([]any, len(t.Versions))
	for n, v := range t.Versions {
		args[n] = v
	}
	return args
}

// fields are what to write to a hash: fields that are set, each before its
// value, and fields that are taken away.
type fields struct{ set, drop []any }

// put sets a field. What is empty is not kept.
func (f *fields) put(field, value string) {
	if value == "" {
		f.drop = append(f.drop, field)
	} else {
		f.set = append(f.set, field, value)
	}
}

// changedFields returns what a change writes to the conversation but for the
// times and the toggle, which depend on what is there.
func changedFields(c edit.Change) (fields, error) {
	var f fields
	for name, value := range map[string]*string{"name": c.Name, "external": c.ExternalID} {
		if value != nil {
			f.put(name, *value)
		}
	}
	for name, value := range map[string]*bool{"archived": c.Archived, "private": c.Private} {
		if value != nil {
			f.put(name, flag(*value))
		}
	}
	for name, values := range map[string]map[string]string{"metadata": c.Metadata, "labels": c.Labels} {
		if values == nil {
			continue
		}
		if len(values) == 0 {
			f.put(name, "")
			continue
		}
		b, err := json.Marshal(values)
		if err != nil {
			return fields{}, fmt.Errorf("encode the %s: %w", name, err)
		}
		f.put(name, string(b))
	}
	return f, nil
}

// revisedFields returns what a revision writes to the members.
func revisedFields(r edit.Revision) (fields, error) {
	var f fields
	for _, m := range r.Members {
		b, err := json.Marshal(m)
		if err != nil {
			return fields{}, fmt.Errorf("encode member %s: %w", m.ID, err)
		}
		f.put("m:"+m.ID, string(b))
	}
	for key, id := range r.Keys {
		f.put(key, id)
	}
	for old, id := range r.Merged {
		f.put("a:"+old, id)
		f.put("m:"+old, "")
	}
	return f, nil
}
