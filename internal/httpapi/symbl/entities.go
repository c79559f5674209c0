package symbl

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// An entity is {customType, text, value}, or of the oldest form, {type: text}.
type entity struct {
	CustomType *string        `json:"customType"`
	Text       *string        `json:"text"`
	Value      *string        `json:"value"`
	Others     jsontext.Value `json:",embed"`
}

// entities checks the custom entities and returns them. The list goes by two
// names, and both count.
func (s *submission) entities() ([]analysis.CustomEntity, error) {
	var all []analysis.CustomEntity
	for _, from := range [...]struct {
		name string
		list []entity
	}{{"entities", s.Entities.List}, {"customEntities", s.CustomEntities.List}} {
		for i := range from.list {
			es, field, err := from.list[i].custom()
			if err != nil {
				return nil, input.Invalid(fmt.Sprintf("%s[%d].%s", from.name, i, field), err)
			}
			all = append(all, es...)
		}
		if len(all) > input.MaxItems {
			return nil, input.Invalid(from.name, input.ErrTooMany)
		}
	}
	return all, nil
}

// custom returns the entity, or the several entities of the oldest form. An entity
// without a value has its text as the value.
func (e *entity) custom() (es []analysis.CustomEntity, field string, err error) {
	if e.CustomType == nil && e.Text == nil && e.Value == nil {
		if es, field, err = e.oldest(); err != nil || len(es) > 0 {
			return es, field, err
		}
	}
	for _, f := range [...]struct {
		name  string
		value *string
	}{{"customType", e.CustomType}, {"text", e.Text}} {
		if f.value == nil {
			return nil, f.name, input.ErrRequired
		}
		if err := input.CheckTerm(*f.value); err != nil {
			return nil, f.name, err
		}
	}
	value := *e.Text
	if e.Value != nil {
		value = cmp.Or(*e.Value, value)
	}
	if err := input.CheckLength(value, input.MaxTerm); err != nil {
		return nil, "value", err
	}
	return []analysis.CustomEntity{{CustomType: *e.CustomType, Text: *e.Text, Value: value}}, "", nil
}

func (e *entity) oldest() (es []analysis.CustomEntity, field string, err error) {
	if len(e.Others) == 0 {
		return nil, "", nil
	}
	var texts input.Labels
	if err := json.Unmarshal(e.Others, &texts); err != nil {
		if bad, ok := errors.AsType[*json.SemanticError](err); ok {
			field, err = input.Explain(bad)
		}
		return nil, field, err
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if err := cmp.Or(input.CheckTerm(name), input.CheckTerm(texts[name])); err != nil {
			return nil, name, err
		}
		es = append(es, analysis.CustomEntity{CustomType: name, Text: texts[name], Value: texts[name]})
	}
	return es, "", nil
}
